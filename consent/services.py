"""The use cases in which somebody decides: an answer is recorded or signed, with its entry in one transaction."""

import datetime
import functools
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from consent import rows
from consent.aftermath import follow
from consent.answers import Answer, Manner, NamedRecipient, ShownArtefact, check_answer
from consent.capacity import Claim
from consent.ending import withdraw_consent
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant, Purpose, Signature, Task, Wording
from consent.moving import move, note
from consent.offers import live_wording, offered_purposes
from consent.signals import consent_given
from consent.states import DECIDERS, STANDING, GrantDecision, GrantState, SignerRole, SigningMethod, TaskKind
from consent.todo import finish, open_task
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

__all__ = [
    "NamedRecipient",
    "ShownArtefact",
    "active_grant",
    "add_signature",
    "live_wording",
    "offered_purposes",
    "record_decision",
    "withdraw_consent",
]


def active_grant(patient: Patient, purpose_code: str, scope_id: uuid.UUID) -> Grant | None:
    """The yes of `patient` for one purpose within one scope that holds at this moment, if there is one."""
    now = timezone.now()
    holding = Grant.objects.in_state(GrantState.ACTIVE, now).filter(valid_from__lte=now)
    return holding.filter(patient=patient, purpose_id=purpose_code, scope_id=scope_id).first()


@transaction.atomic
def record_decision(
    *,
    patient: Patient,
    purpose: Purpose,
    scope_id: uuid.UUID,
    wording: Wording,
    decision: GrantDecision,
    shown: Sequence[ShownArtefact],
    signer_name: str,
    method: SigningMethod,
    permanence_acknowledged: bool,
    valid_until: datetime.datetime | None,
    by: User,
    manner: Manner | None = None,
    claim: Claim | None = None,
    also: Mapping[SignerRole, str] | None = None,
    recipient: NamedRecipient | None = None,
) -> Grant:
    """Record a yes or a no for one purpose, and put it in the place of the former answer within the scope.

    `scope_id` is the key of what the pictures shown belong to; answers within other scopes stay as they are. `claim` is
    the right of who decides, an adult patient's own where none is named; `signer_name` is theirs, and `also` holds
    the other names by role. A yes that lacks a name it needs waits as pending and leaves what stands alone. Where
    nobody who says no gave a name, the member of staff who heard it (`by`) stands for it. `manner` says how the sitting
    was held, in the clinic where nothing is said. Raises ConsentRefused with
    the reason; see `consent.answers.check_answer`.
    """
    now = timezone.now()
    claim = claim or Claim()
    answer = Answer(
        patient=patient,
        purpose=purpose,
        scope_id=scope_id,
        wording=wording,
        decision=decision,
        shown=shown,
        claim=claim,
        names=_names({DECIDERS[claim.basis]: signer_name, **(also or {})}),
        recipient=recipient,
        method=method,
        permanence_acknowledged=permanence_acknowledged,
        valid_until=valid_until,
        by=by,
        manner=manner or Manner(),
    )
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)  # two sittings about one patient take turns
    right = check_answer(answer, now)
    grant = rows.write(answer, right, now)
    _end_what_waits(grant, answer.actor)
    if right is None:
        former = _take_the_place(grant, answer.actor, now)
        grant.save(force_insert=True)
        rows.write_images(grant, answer.shown, now)
        signatures = rows.sign(answer, grant, [answer.speaker])
        note(grant, Event.CONSENT_REFUSED, actor=answer.actor, detail=_detail(grant, signatures))
        if former:
            follow(former, answer.actor)
        return grant
    grant.save(force_insert=True)
    rows.write_images(grant, answer.shown, now)
    rows.sign(answer, grant, sorted(answer.names, key=str))
    _settle(grant, actor=answer.actor, at=now)
    return grant


@transaction.atomic
def add_signature(
    grant: Grant, role: SignerRole, name: str, *, method: SigningMethod, by: User, manner: Manner | None = None
) -> Grant:
    """Put a missing name under a pending yes; with the last one it is active and replaces what stood.

    `manner` says who acted and what was drawn; at the desk, where nothing is said, `by` did.

    Raises ConsentRefused with NOT_PENDING, NOT_NEEDED, NAME_MISSING, WORDING_NOT_LIVE, or AUTHORITY_ENDED where the
    time of the yes or of the right has run out meanwhile.
    """
    now = timezone.now()
    Patient.objects.select_for_update(no_key=True).get(pk=grant.patient_id)
    locked = Grant.objects.select_for_update(of=("self",)).select_related("record", "wording").get(pk=grant.pk)
    if locked.state != GrantState.PENDING:
        raise ConsentRefused(RefusalReason.NOT_PENDING)
    if role not in missing_roles(locked):
        raise ConsentRefused(RefusalReason.NOT_NEEDED)
    if not name.strip():
        raise ConsentRefused(RefusalReason.NAME_MISSING)
    if locked.wording.retired_at is not None:
        raise ConsentRefused(RefusalReason.WORDING_NOT_LIVE)
    if locked.valid_until is None or locked.valid_until <= now:
        raise ConsentRefused(RefusalReason.AUTHORITY_ENDED)
    manner = manner or Manner()
    actor = manner.actor or f"user:{by.pk}"
    first = locked.record.signatures.order_by("signed_at")[0]
    rows.write_signature(
        locked,
        role,
        name.strip(),
        method=method,
        at=now,
        images=list(locked.images.all()),
        permanence=first.permanence_acknowledged,
        drawing=manner.drawings.get(role),
    )
    note(locked, Event.CONSENT_SIGNED, actor=actor, detail={"role": str(role)})
    _settle(locked, actor=actor, at=now)
    return locked


def missing_roles(grant: Grant) -> list[SignerRole]:
    """The roles whose names a grant still needs."""
    there = set(grant.record.signatures.values_list("role", flat=True))
    return [SignerRole(needed.role) for needed in grant.record.needed.order_by("role") if needed.role not in there]


def _names(typed: Mapping[SignerRole, str]) -> dict[SignerRole, str]:
    return {SignerRole(role): name.strip() for role, name in typed.items() if name.strip()}


def _settle(grant: Grant, *, actor: str, at: datetime.datetime) -> None:
    """Activate a yes with all its names, or leave it waiting with a task."""
    signatures = list(grant.record.signatures.order_by("role"))
    if missing_roles(grant):
        if not grant.tasks.exists():
            note(grant, Event.CONSENT_PENDING, actor=actor, detail=_detail(grant, signatures))
        open_task(grant, TaskKind.SIGNATURE, at)
        return
    former = _take_the_place(grant, actor, at)
    finish(Task.objects.filter(grant=grant, kind=TaskKind.SIGNATURE), actor=actor, at=at)
    detail = _detail(grant, signatures) | {"replaces": str(former.pk) if former else ""}
    move(grant, GrantState.ACTIVE, Event.CONSENT_GIVEN, actor=actor, detail=detail)
    if former:
        follow(former, actor)
    transaction.on_commit(functools.partial(consent_given.send_robust, Grant, grant_id=grant.pk))


def _detail(grant: Grant, signatures: Sequence[Signature]) -> dict[str, str | int | bool]:
    return {
        "wording_version": grant.wording.version,
        "language": grant.wording.language,
        "wording_sha256": grant.wording.sha256,
        "evidence_sha256": signatures[-1].evidence_sha256,
        "images": grant.images.count(),
        "scope": str(grant.scope_id),
    }


def _end_what_waits(grant: Grant, actor: str) -> None:
    """A newer answer takes the place of one that still waits for a name."""
    waiting = Grant.objects.select_for_update().filter(
        patient=grant.patient, purpose=grant.purpose, scope_id=grant.scope_id, state=GrantState.PENDING
    )
    for older in waiting:
        move(older, GrantState.SUPERSEDED, Event.CONSENT_SUPERSEDED, actor=actor, detail={"by": str(grant.pk)})
        finish(Task.objects.filter(grant=older), actor=actor, at=grant.valid_from)


def _take_the_place(grant: Grant, actor: str, at: datetime.datetime) -> Grant | None:
    """End the answer that stands within the scope."""
    standing = Grant.objects.select_for_update().filter(
        patient=grant.patient, purpose=grant.purpose, scope_id=grant.scope_id, state__in=STANDING
    )
    former = standing.exclude(pk=grant.pk).first()
    if former is None:
        return None
    detail = {"by": str(grant.pk)}
    if former.state_at(at) is GrantState.EXPIRED:
        move(former, GrantState.EXPIRED, Event.CONSENT_EXPIRED, actor=actor, detail=detail)
    else:
        move(former, GrantState.SUPERSEDED, Event.CONSENT_SUPERSEDED, actor=actor, detail=detail)
    finish(Task.objects.filter(grant=former), actor=actor, at=at)
    return former
