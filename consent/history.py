"""The story of one grant, told from its rows."""

import datetime
import uuid
from dataclasses import dataclass

from consent.models import Grant, Signature
from consent.sealed import name_of, reason_of
from consent.states import GrantDecision, GrantState, SignerRole
from ultrasound_portal.clinics.models import User


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened to a grant; `who` is empty where time alone did it, `why` where nobody said."""

    at: datetime.datetime
    what: str
    who: str = ""
    why: str = ""


def moments(grant: Grant, at: datetime.datetime) -> list[Moment]:
    """What has happened to `grant` until `at`, oldest first."""
    staff = grant.record.opened_by.display_name
    permits = grant.decision == GrantDecision.PERMIT
    shown = "The pictures were shown and the wording was read" if permits else "The wording was read"
    told = [Moment(grant.record.opened_at, shown, staff)]
    told += [
        Moment(signature.signed_at, _signed(signature, permits), name_of(signature))
        for signature in grant.record.signatures.order_by("signed_at", "role")
    ]
    return sorted(told + _rests(grant), key=lambda moment: moment.at) + _ending(grant, at)


def _signed(signature: Signature, permits: bool) -> str:
    if signature.role in {SignerRole.WITNESS, SignerRole.INTERPRETER}:
        return f"Signed as {signature.get_role_display().lower()}"
    return "Agreed and signed" if permits else "Refused"


def _rests(grant: Grant) -> list[Moment]:
    """When and why a yes rested, and how that ended."""
    told = []
    for rest in grant.suspensions.select_related("closed_by"):
        what = f"Suspended: {rest.get_cause_display().lower()}"
        told.append(Moment(rest.at, what, _staff(rest.actor), reason_of(rest)))
        if rest.closed_at:
            who = rest.closed_by.display_name if rest.closed_by else ""
            told.append(Moment(rest.closed_at, rest.get_outcome_display(), who))
    return told


def _ending(grant: Grant, at: datetime.datetime) -> list[Moment]:
    match grant.state_at(at):
        case GrantState.WITHDRAWN | GrantState.IN_ERROR:
            withdrawal = grant.withdrawal
            what = f"Withdrawn: {withdrawal.get_channel_display().lower()}"
            return [Moment(withdrawal.received_at, what, _staff(withdrawal.actor), reason_of(withdrawal))]
        case GrantState.SUPERSEDED:
            later = Grant.objects.filter(
                patient_id=grant.patient_id,
                purpose_id=grant.purpose_id,
                scope_id=grant.scope_id,
                valid_from__gt=grant.valid_from,
            )
            newer = later.order_by("valid_from").first()
            return [Moment(newer.valid_from, "Replaced by a newer answer")] if newer else []
        case GrantState.EXPIRED if grant.valid_until is not None:
            return [Moment(grant.valid_until, "Ended on the date that was agreed")]
        case _:
            return []


def _staff(actor: str) -> str:
    """The member of staff an actor stands for; a link stands for the patient, as its channel says already."""
    kind, _, key = actor.partition(":")
    return User.objects.get(pk=uuid.UUID(key)).display_name if kind == "user" else ""
