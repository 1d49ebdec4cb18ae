"""She deletes her shared copies: every link but her own ends, and the files made for sharing lose their keys.

Her yes stays as it was, so her own page still shows her pictures; files are made again when she asks for them.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from consent.models import Grant
from deid.models import Artefact, Instance, Render
from deid.services import renders
from deid.states import InstanceState
from sharing.models import Link, NoCopies
from sharing.services import her_links
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Deleted:
    """How many open links ended, and how many files made for sharing are gone."""

    links: int
    files: int


def has_none(patient: Patient) -> bool:
    """Say whether she has deleted her shared copies and wants none made."""
    return NoCopies.objects.filter(patient=patient).exists()


def made_for(patient: Patient) -> int:
    """Count the files made for sharing of her pictures."""
    return Render.objects.filter(instance__study__patient=patient).count()


@transaction.atomic
def delete(own: Link) -> Deleted:
    """End every other link of hers and destroy what was made for sharing; the link she came through stays."""
    _hold_answers(own.patient)
    links = her_links.end_all(own)
    return Deleted(links=links, files=end_files(own.patient, actor=f"link:{own.pk}"))


@transaction.atomic
def end_files(patient: Patient, *, actor: str) -> int:
    """Destroy the files made for sharing of a patient, keys first, have no more made, and return how many they were.

    Her answers are locked first: whoever publishes such files holds them, and then finds that none are wanted.
    """
    _hold_answers(patient)
    NoCopies.objects.get_or_create(patient=patient, defaults={"since": timezone.now()})
    bases = Artefact.objects.filter(instance__study__patient=patient)
    files = renders.destroy(set(bases.values_list("pk", flat=True)), actor=actor)
    _record(Event.COPIES_DELETED, patient, actor, objects=files)
    return files


@transaction.atomic
def ask_again(own: Link) -> None:
    """Have the files for sharing made again of what she agreed to in the study of her own link."""
    if allow(own.patient):
        _record(Event.COPIES_ASKED_FOR, own.patient, f"link:{own.pk}")
    released = Instance.objects.filter(study=own.study_id, state=InstanceState.RELEASED)
    renders.order(released.select_related("clinic").order_by("number"))


def allow(patient: Patient) -> bool:
    """Let files for sharing be made again; false where nothing stood against it."""
    return NoCopies.objects.filter(patient=patient).delete()[0] > 0


def _hold_answers(patient: Patient) -> None:
    list(Grant.objects.select_for_update().filter(patient=patient).order_by("pk").values_list("pk"))


def _record(event: Event, patient: Patient, actor: str, **detail: int) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=patient.clinic_id,
        object_kind="patient",
        object_id=patient.pk,
        patient_id=patient.pk,
        detail=detail,
    )
