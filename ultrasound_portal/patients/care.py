"""How a patient wishes to be met: going on, on hold, a loss, or not said; in versions, sealed but for their quiet.

Quiet stops messages, reminders and the clock of retention, and takes celebration off the pages. It hides no picture.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, TextChoices
from django.utils import timezone

from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.erasing import shred_all
from ultrasound_portal.patients.errors import CareRefused
from ultrasound_portal.patients.models import CareNote, Patient
from ultrasound_portal.vault.errors import Destroyed
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.unsealing import unseal_value


class CareStatus(TextChoices):
    """What staff and the patient can say; only the first leaves messages and warm words on."""

    CONTINUING = "continuing", "Going on"
    ON_HOLD = "on_hold", "On hold"
    LOSS = "loss", "A loss"
    NOT_SAID = "not_said", "Rather not said"

    @property
    def quiet(self) -> bool:
        """Whether it asks for quiet."""
        return self is not CareStatus.CONTINUING


@dataclass(frozen=True, slots=True)
class Care:
    """The status that holds; `noted_at` is empty where nobody has said anything, `by` where she said it herself."""

    status: CareStatus
    noted_at: datetime | None = None
    by: User | None = None


def care_of(patient: Patient) -> Care:
    """Open the status that holds, for staff; a forgotten patient's stays unsaid."""
    note = _latest(patient.pk)
    if note is None:
        return Care(CareStatus.CONTINUING)
    try:
        status = CareStatus(unseal_value(note.status_object_id, note.status_sealed).decode())
    except Destroyed:
        status = CareStatus.NOT_SAID
    return Care(status, note.noted_at, note.noted_by)


def is_quiet(patient_id: UUID) -> bool:
    """Say whether quiet holds for a patient; asked again before every message."""
    note = _latest(patient_id)
    return note is not None and note.quiet


def quiet_patients() -> QuerySet[CareNote, Any]:  # Any: rows of one value, which only another query reads
    """Return the keys of all patients for whom quiet holds, to be used inside another query."""
    latest = CareNote.objects.filter(patient=OuterRef("patient")).order_by("-number").values("pk")[:1]
    return CareNote.objects.filter(pk=Subquery(latest), quiet=True).values("patient")


def loud_since(patient_key: str) -> Subquery:
    """Return, for a query whose `patient_key` names a patient, when quiet last ended; null where it never held."""
    ended = CareNote.objects.filter(patient=OuterRef(patient_key), quiet=False).order_by("-number")
    return Subquery(ended.values("noted_at")[:1])


@transaction.atomic
def note_status(patient: Patient, status: CareStatus, *, actor: str) -> bool:
    """Note a new version with its entry on the trail, which keeps the quiet and not the reason; false for no change.

    Raises CareRefused where a link (`actor` is `link:<id>`) would end a quiet that holds.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    present, former = care_of(patient), _latest(patient.pk)
    kind, _, key = actor.partition(":")
    if status is present.status:
        return False
    if kind != "user" and present.status.quiet and not status.quiet:
        raise CareRefused
    row, blob = seal_value(status.value.encode(), kind=ObjectKind.DOCUMENT, clinic_id=patient.clinic_id)
    note = CareNote.objects.create(
        patient=patient,
        number=former.number + 1 if former else 1,
        quiet=status.quiet,
        status_object_id=row.pk,
        status_sealed=blob,
        noted_at=timezone.now(),
        noted_by_id=UUID(key) if kind == "user" else None,
    )
    trail.record(
        Event.CARE_STATUS_NOTED,
        actor=actor,
        clinic_id=patient.clinic_id,
        object_kind="patient",
        object_id=patient.pk,
        patient_id=patient.pk,
        detail={"version": note.number, "quiet": note.quiet},
    )
    return True


def shred_statuses(patient: Patient) -> None:
    """Destroy the keys of every version, when the patient is forgotten."""
    shred_all(CareNote.objects.filter(patient=patient).values_list("status_object_id", flat=True))


def _latest(patient_id: UUID) -> CareNote | None:
    return CareNote.objects.filter(patient_id=patient_id).select_related("noted_by").order_by("-number").first()
