"""Invitations to decide from afar are made and revoked, each act with its audit entry in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from consent.answers import NamedRecipient
from consent.capacity import Claim, judge
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Purpose, Wording
from consent.services import live_wording, offered_purposes
from consent.states import SecondSecret
from deid.models import Study
from sharing import tokens
from sharing.models import Invitation
from sharing.sealed import fields_of, seal_fields
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationOrder:
    """What a member of staff asks of a patient; `recipients` by purpose, for those that need one."""

    study: Study
    purposes: Sequence[Purpose]
    language: str
    recipients: Mapping[str, NamedRecipient]
    not_after: datetime


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation with its two secrets, which nobody can read again."""

    invitation: Invitation
    secret: str
    code: str


def invite(order: InvitationOrder, *, by: User) -> NewInvitation:
    """Invite an adult patient to decide about a study; an open invitation about it makes room.

    Who decides by another right than her own does so in the clinic, where papers can be seen. Raises ConsentRefused
    where she may not decide alone, a purpose has no words in her language, or a recipient is missing.
    """
    secret, code = tokens.new_secret(), tokens.new_code()
    code_hash = tokens.code_hash(code)
    now = timezone.now()
    with transaction.atomic():
        patient = Patient.objects.select_for_update(no_key=True).get(pk=order.study.patient_id)
        judge(Claim(), patient, now)
        _check_the_questions(order)
        revoke_invitations(Invitation.objects.filter(study=order.study), actor=f"user:{by.pk}")
        object_id, sealed = seal_fields(_told(order.recipients), clinic_id=order.study.clinic_id)
        invitation = Invitation.objects.create(
            clinic_id=order.study.clinic_id,
            patient=patient,
            study=order.study,
            asked=[purpose.pk for purpose in order.purposes],
            language=order.language,
            second_secret=SecondSecret.CARD,
            recipients_object_id=object_id,
            recipients_sealed=sealed,
            token_hash=tokens.secret_hash(secret),
            code_hash=code_hash,
            not_after=order.not_after,
            created_by=by,
            created_at=now,
        )
        record(invitation, Event.INVITATION_MADE, actor=f"user:{by.pk}", purposes=len(order.purposes))
    return NewInvitation(invitation, secret, code)


@transaction.atomic
def revoke_invitations(invitations: QuerySet[Invitation], *, actor: str) -> int:
    """Revoke those of the invitations that are open, and return how many; a page that is open shows nothing more."""
    found = list(invitations.select_for_update(of=("self",)).filter(revoked_at=None, answered_at=None).order_by("pk"))
    for invitation in found:
        invitation.revoked_at = timezone.now()
        invitation.session_hash = ""
        invitation.save(update_fields=["revoked_at", "session_hash"])
        record(invitation, Event.INVITATION_REVOKED, actor=actor)
    return len(found)


def questions(invitation: Invitation) -> list[Wording]:
    """Return the words in force for every purpose asked, in order; one without offer or words is left out."""
    found = []
    for purpose in offered_purposes(invitation.clinic).filter(pk__in=invitation.asked).order_by("order", "code"):
        try:
            found.append(live_wording(purpose.pk, invitation.language))
        except ConsentRefused:
            continue
    return found


def recipients_of(invitation: Invitation) -> dict[str, NamedRecipient]:
    """Return who is to get the pictures, by purpose; raises VaultError where that was destroyed."""
    told = fields_of(invitation.recipients_object_id, invitation.recipients_sealed)
    codes = {key.removesuffix(".name") for key in told if key.endswith(".name")}
    return {code: NamedRecipient(told[f"{code}.name"], told[f"{code}.how"]) for code in codes}


def record(invitation: Invitation, event: Event, *, actor: str, outcome: str = "success", **detail: str | int) -> None:
    """Write what happened to an invitation on the trail."""
    trail.record(
        event,
        actor=actor,
        clinic_id=invitation.clinic_id,
        object_kind="invitation",
        object_id=invitation.pk,
        patient_id=invitation.patient_id,
        outcome=outcome,
        detail=detail,
    )


def _told(recipients: Mapping[str, NamedRecipient]) -> dict[str, str]:
    names = {f"{code}.name": one.name.strip() for code, one in recipients.items()}
    return names | {f"{code}.how": one.verified_how for code, one in recipients.items()}


def _check_the_questions(order: InvitationOrder) -> None:
    for purpose in order.purposes:
        live_wording(purpose.pk, order.language)
        named = order.recipients.get(purpose.pk)
        if purpose.needs_recipient and not (named and named.name.strip() and named.verified_how):
            raise ConsentRefused(RefusalReason.RECIPIENT_MISSING)
