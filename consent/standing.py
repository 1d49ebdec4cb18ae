"""A patient has died or can no longer decide: what she agreed to rests at once, and a person looks at each yes."""

from django.db import transaction
from django.utils import timezone

from consent.ending import suspend
from consent.models import Grant, Standing
from consent.states import GrantState, SuspensionCause
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient


def note_death(patient: Patient, *, by: User) -> int:
    """Note that a patient has died and suspend every yes that holds; return how many (R28)."""
    return _note(patient, "died_noted_at", SuspensionCause.DEATH, by)


def note_incapacity(patient: Patient, *, by: User) -> int:
    """Note that a patient can no longer decide for herself and suspend every yes that holds; return how many."""
    return _note(patient, "unable_noted_at", SuspensionCause.CAPACITY, by)


@transaction.atomic
def _note(patient: Patient, field: str, cause: SuspensionCause, by: User) -> int:
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    standing, _ = Standing.objects.get_or_create(patient=patient, defaults={"noted_by": by})
    if getattr(standing, field) is None:
        setattr(standing, field, timezone.now())
        standing.noted_by = by
        standing.save()
        record(
            Event.PATIENT_STANDING_NOTED,
            actor=f"user:{by.pk}",
            clinic_id=patient.clinic_id,
            object_kind="patient",
            object_id=patient.pk,
            patient_id=patient.pk,
            detail={"cause": str(cause)},
        )
    holding = Grant.objects.filter(patient=patient, state=GrantState.ACTIVE).order_by("pk")
    return len([suspend(grant, cause, actor=f"user:{by.pk}") for grant in holding])
