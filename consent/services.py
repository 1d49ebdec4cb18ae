"""The use cases of consent: a decision is recorded or withdrawn, with its audit entry in one transaction."""

import datetime
import functools
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from consent import evidence
from consent.answers import Answer, ShownArtefact, check_answer
from consent.errors import ConsentRefused, RefusalReason
from consent.models import (
    ConsentRecord,
    Grant,
    GrantImage,
    Purpose,
    Signature,
    Withdrawal,
    Wording,
)
from consent.offers import live_wording, offered_purposes
from consent.sealed import name_match, seal_text
from consent.signals import consent_given, consent_withdrawn
from consent.states import (
    STANDING,
    GrantDecision,
    GrantState,
    Place,
    SignerRole,
    SigningMethod,
    WithdrawalChannel,
)
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record as record_event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

__all__ = [
    "ShownArtefact",
    "active_grant",
    "live_wording",
    "offered_purposes",
    "record_decision",
    "withdraw_consent",
]


def active_grant(patient: Patient, purpose_code: str, scope_id: uuid.UUID) -> Grant | None:
    """The yes of `patient` for one purpose within one scope that holds at this moment, if there is one."""
    now = _now()
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
    place: Place = Place.CLINIC,
) -> Grant:
    """Record a yes or a no for one purpose, and put it in the place of the patient's former answer within the scope.

    `scope_id` is the key of what the pictures shown belong to; answers within other scopes stay as they are. Where a
    patient who says no gave no name, the member of staff who heard it (`by`) stands for it. Raises ConsentRefused with
    the reason; see `consent.answers.check_answer`.
    """
    now = _now()
    answer = Answer(
        patient=patient,
        purpose=purpose,
        scope_id=scope_id,
        wording=wording,
        decision=decision,
        shown=shown,
        signer_name=signer_name.strip(),
        method=method,
        permanence_acknowledged=permanence_acknowledged,
        valid_until=valid_until,
        by=by,
        place=place,
    )
    check_answer(answer, now)
    former = _end_the_former_answer(answer, now)
    grant, images = _write(answer, now)
    signature = _sign(answer, grant, images)
    record_event(
        Event.CONSENT_GIVEN if answer.permits else Event.CONSENT_REFUSED,
        actor=f"user:{by.pk}",
        clinic_id=grant.clinic_id,
        object_kind="grant",
        object_id=grant.pk,
        patient_id=patient.pk,
        purpose=purpose.pk,
        grant_id=grant.pk,
        detail={
            "wording_version": wording.version,
            "language": wording.language,
            "wording_sha256": wording.sha256,
            "evidence_sha256": signature.evidence_sha256,
            "images": len(images),
            "scope": str(scope_id),
            "replaces": str(former.pk) if former else "",
        },
    )
    if answer.permits:
        transaction.on_commit(functools.partial(consent_given.send_robust, Grant, grant_id=grant.pk))
    return grant


@transaction.atomic
def withdraw_consent(grant: Grant, *, actor: str, channel: WithdrawalChannel, reason: str = "") -> Withdrawal:
    """End a yes at once: with the commit of the caller's transaction the gate refuses.

    `actor` is `user:<id>` or `link:<id>`. Raises ConsentRefused with ALREADY_WITHDRAWN, with NOT_ACTIVE for a
    refusal and for a grant that a newer decision has replaced, or with UNKNOWN_CHANNEL.
    """
    if channel not in WithdrawalChannel.values:
        raise ConsentRefused(RefusalReason.UNKNOWN_CHANNEL)
    locked = Grant.objects.select_for_update().get(pk=grant.pk)
    if locked.state == GrantState.WITHDRAWN:
        raise ConsentRefused(RefusalReason.ALREADY_WITHDRAWN)
    if locked.state != GrantState.ACTIVE:
        raise ConsentRefused(RefusalReason.NOT_ACTIVE)
    said = reason.strip()
    reason_object_id, reason_sealed = seal_text(said, clinic_id=locked.clinic_id) if said else (None, b"")
    withdrawal = Withdrawal.objects.create(
        grant=locked,
        actor=actor,
        channel=channel,
        reason_object_id=reason_object_id,
        reason_sealed=reason_sealed,
        received_at=_now(),
    )
    _move(locked, GrantState.WITHDRAWN)
    record_event(
        Event.CONSENT_WITHDRAWN,
        actor=actor,
        clinic_id=locked.clinic_id,
        object_kind="grant",
        object_id=locked.pk,
        patient_id=locked.patient_id,
        purpose=locked.purpose_id,
        grant_id=locked.pk,
        detail={"channel": str(channel)},
    )
    transaction.on_commit(functools.partial(consent_withdrawn.send_robust, Grant, grant_id=locked.pk))
    return withdrawal


def _now() -> datetime.datetime:
    return timezone.now()


def _end_the_former_answer(answer: Answer, at: datetime.datetime) -> Grant | None:
    """End the answer that stands within the scope; the patient's row is locked, so that two sittings take turns."""
    Patient.objects.select_for_update(no_key=True).get(pk=answer.patient.pk)
    former = (
        Grant.objects.select_for_update()
        .filter(patient=answer.patient, purpose=answer.purpose, scope_id=answer.scope_id, state__in=STANDING)
        .first()
    )
    if former is not None:
        lapsed = former.state_at(at) is GrantState.EXPIRED
        _move(former, GrantState.EXPIRED if lapsed else GrantState.SUPERSEDED)
    return former


def _write(answer: Answer, at: datetime.datetime) -> tuple[Grant, list[GrantImage]]:
    sitting = ConsentRecord.objects.create(
        clinic_id=answer.patient.clinic_id,
        patient=answer.patient,
        opened_by=answer.by,
        opened_at=at,
        place=answer.place,
    )
    grant = Grant.objects.create(
        record=sitting,
        clinic_id=answer.patient.clinic_id,
        patient=answer.patient,
        purpose=answer.purpose,
        scope_id=answer.scope_id,
        wording=answer.wording,
        decision=GrantDecision(answer.decision),
        state=GrantState.ACTIVE if answer.permits else GrantState.REFUSED,
        valid_from=at,
        valid_until=answer.valid_until if answer.permits else None,
    )
    images = GrantImage.objects.bulk_create(
        GrantImage(
            grant=grant,
            picture_id=item.picture_id,
            artefact_id=item.artefact_id,
            sha256=item.sha256,
            kind=item.kind,
            shown_at=at,
        )
        for item in answer.shown
    )
    return grant, images


def _sign(answer: Answer, grant: Grant, images: list[GrantImage]) -> Signature:
    """Write the signature last: the tables take nothing more into a signed record."""
    name = answer.signer_name or answer.by.display_name
    name_object_id, name_sealed = seal_text(name, clinic_id=grant.clinic_id)
    signature = Signature(
        record=grant.record,
        role=SignerRole.PATIENT if answer.signer_name else SignerRole.STAFF,
        name_object_id=name_object_id,
        name_sealed=name_sealed,
        name_match=name_match(name, grant.record_id),
        method=SigningMethod(answer.method),
        permanence_acknowledged=answer.permanence_acknowledged,
        signed_at=grant.valid_from,
    )
    signature.evidence_sha256 = evidence.digest(evidence.statement(grant, images, signature))
    signature.save()
    return signature


def _move(grant: Grant, state: GrantState) -> None:
    grant.state = state
    grant.save(update_fields=["state"])
