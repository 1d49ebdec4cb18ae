"""The patient's copy: kept sealed with the record, its digest on the trail, and opened for the desk alone."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from consent.models import ConsentDocument, Grant
from consent.sealed import document_bytes
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal


def keep(pdf: bytes, grants: Iterable[Grant], *, scope_id: uuid.UUID, actor: str) -> ConsentDocument:
    """Keep a copy of what was decided, in the transaction of the decision."""
    of = list(grants)
    sealed = seal(pdf, kind=ObjectKind.DOCUMENT, clinic_id=of[0].clinic_id)
    document = ConsentDocument.objects.create(
        clinic_id=of[0].clinic_id,
        scope_id=scope_id,
        object_id=sealed.pk,
        sha256=sealed.sha256,
        size=len(pdf),
        made_at=timezone.now(),
    )
    document.records.set([grant.record for grant in of])
    _note(document, Event.CONSENT_COPY_MADE, actor, of[0].patient_id)
    return document


def read(document: ConsentDocument, *, actor: str) -> bytes:
    """Return the PDF after its entry on the trail is written.

    Raises a VaultError: Tampered for bytes that are not those kept, Destroyed where the patient was forgotten.
    """
    with transaction.atomic():
        first = document.records.order_by("pk")[0]
        _note(document, Event.CONSENT_COPY_READ, actor, first.patient_id)
    return document_bytes(document)


def _note(document: ConsentDocument, event: Event, actor: str, patient_id: uuid.UUID) -> None:
    record(
        event,
        actor=actor,
        clinic_id=document.clinic_id,
        object_kind="consent_copy",
        object_id=document.pk,
        patient_id=patient_id,
        detail={"sha256": document.sha256},
    )
