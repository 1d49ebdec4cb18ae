"""Writes an answer into the tables: the sitting with the right behind it, the pictures shown, the signatures."""

import datetime
from collections.abc import Iterable, Sequence

from consent import evidence
from consent.answers import Answer, ShownArtefact
from consent.capacity import Right
from consent.models import Capacity, ConsentRecord, Grant, GrantImage, NeededSignature, Recipient, Signature
from consent.sealed import details_match, details_text, name_match, recipient_match, seal_drawing, seal_text
from consent.states import GrantDecision, GrantState, SignerRole, SigningMethod


def write(answer: Answer, right: Right | None, at: datetime.datetime) -> Grant:
    """Write the record with the right behind it, and return the grant that is to be written."""
    sitting = ConsentRecord.objects.create(
        clinic_id=answer.patient.clinic_id,
        patient=answer.patient,
        opened_by=answer.by,
        opened_at=at,
        place=answer.manner.place,
        second_secret=answer.manner.second_secret,
    )
    if right is not None:
        _write_right(sitting, answer, right)
        _write_recipient(sitting, answer)
    return Grant(
        record=sitting,
        clinic_id=answer.patient.clinic_id,
        patient=answer.patient,
        purpose=answer.purpose,
        scope_id=answer.scope_id,
        wording=answer.wording,
        decision=GrantDecision(answer.decision),
        state=GrantState.PENDING if answer.permits else GrantState.REFUSED,
        valid_from=at,
        valid_until=answer.valid_until if answer.permits else None,
    )


def _write_right(sitting: ConsentRecord, answer: Answer, right: Right) -> None:
    details = answer.claim.details()
    text = details_text(details)
    object_id, blob = seal_text(text, clinic_id=sitting.clinic_id) if details else (None, b"")
    Capacity.objects.create(
        record=sitting,
        profile=right.profile,
        basis=answer.claim.basis,
        assessor=answer.claim.assessor,
        necessary=all(answer.claim.statements),
        assent=answer.claim.assent,
        ends_at=right.ends_at,
        of_age=right.of_age,
        details_object_id=object_id,
        details_sealed=blob,
        details_match=details_match(text, sitting.pk) if details else "",
    )
    needs = right.needs | ({SignerRole.WITNESS} if answer.method == SigningMethod.SPOKEN else set())
    NeededSignature.objects.bulk_create(NeededSignature(record=sitting, role=role) for role in sorted(needs))


def _write_recipient(sitting: ConsentRecord, answer: Answer) -> None:
    if answer.recipient is None or not answer.purpose.needs_recipient:
        return
    name = answer.recipient.name.strip()
    object_id, blob = seal_text(name, clinic_id=sitting.clinic_id)
    Recipient.objects.create(
        record=sitting,
        name_object_id=object_id,
        name_sealed=blob,
        name_match=recipient_match(name, sitting.pk),
        verified_by=answer.by,
        verified_how=answer.recipient.verified_how,
    )


def write_images(grant: Grant, shown: Iterable[ShownArtefact], at: datetime.datetime) -> None:
    GrantImage.objects.bulk_create(
        GrantImage(
            grant=grant,
            picture_id=item.picture_id,
            artefact_id=item.artefact_id,
            sha256=item.sha256,
            kind=item.kind,
            shown_at=at,
        )
        for item in shown
    )


def sign(answer: Answer, grant: Grant, roles: Sequence[SignerRole]) -> list[Signature]:
    """Write the signatures last: the tables take no picture into a signed record."""
    images = list(grant.images.all())
    return [
        write_signature(
            grant,
            role,
            answer.names.get(role) or answer.by.display_name,
            method=answer.method,
            at=grant.valid_from,
            images=images,
            permanence=answer.permanence_acknowledged,
            drawing=answer.manner.drawings.get(role),
        )
        for role in roles
    ]


def write_signature(
    grant: Grant,
    role: SignerRole,
    name: str,
    *,
    method: SigningMethod,
    at: datetime.datetime,
    images: Sequence[GrantImage],
    permanence: bool,
    drawing: bytes | None = None,
) -> Signature:
    name_object_id, name_sealed = seal_text(name, clinic_id=grant.clinic_id)
    drawing_object_id, drawing_sha256 = seal_drawing(drawing, clinic_id=grant.clinic_id) if drawing else (None, "")
    signature = Signature(
        record=grant.record,
        role=role,
        name_object_id=name_object_id,
        name_sealed=name_sealed,
        name_match=name_match(name, grant.record_id),
        method=SigningMethod(method),
        drawing_object_id=drawing_object_id,
        drawing_sha256=drawing_sha256,
        permanence_acknowledged=permanence,
        signed_at=at,
        evidence_format=evidence.FORMAT,
    )
    signature.evidence_sha256 = evidence.digest(evidence.statement(grant, images, signature))
    signature.save()
    return signature
