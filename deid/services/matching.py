"""Whose pictures these are: plain exports name nobody, so a person says it, once, before anything can be released."""

import re
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deid.engine.policy import MAX_COVERED_LETTERS
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Instance, Study
from deid.services import steps
from deid.states import InstanceState
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import Identity, find_or_create, identity_of

_SEPARATORS = re.compile(r"[\^=,\s]+")
_CLEANED_ONCE = frozenset({InstanceState.CLEAN, InstanceState.HELD, InstanceState.FAILED})


def nobodys(key: str) -> Identity:
    """Return the stand-in of a patient whom no file names; `key` tells it from others and comes from no file."""
    return Identity(name="", record_number=f"unmatched {key[:12]}", birth_date="")


@transaction.atomic
def match(study: Study, identity: Identity, *, by: User, by_card: bool = False) -> Patient:
    """Give a study of plain exports to its patient, who may be new, and have its pictures cleaned again.

    `by_card` says that her printed card told who she is. What is known of her is then looked for in them. A mistake
    is put right by doing it again. Raises ReviewRefused where the files name their patient themselves, where
    something is released or being cleaned, and where an original was destroyed.
    """
    locked = Study.objects.select_for_update().get(pk=study.pk)
    pictures = [steps.lock(picture) for picture in locked.instances.all()]
    if not locked.nameless or any(picture.state == InstanceState.RELEASED for picture in pictures):
        raise ReviewRefused(ReviewRefusal.STATE)
    patient = find_or_create(locked.clinic, identity)
    locked.patient, locked.matched_at = patient, timezone.now()
    # more files of the same upload begin a study of their own: nobody has said whose they are
    locked.study_match = secrets.token_hex(32)
    locked.save(update_fields=["patient", "matched_at", "study_match"])
    for picture in pictures:
        if picture.state != InstanceState.REJECTED:
            _clean_again(picture)
    trail.record(
        Event.STUDY_MATCHED,
        actor=f"user:{by.pk}",
        clinic_id=locked.clinic_id,
        object_kind="study",
        object_id=locked.pk,
        patient_id=patient.pk,
        detail={"by_card": True} if by_card else {},
    )
    return patient


def check_matched(study: Study) -> None:
    """Raise ReviewRefused while nobody has said whose the pictures are."""
    if study.unmatched:
        raise ReviewRefused(ReviewRefusal.UNMATCHED)


def words_of(study: Study) -> tuple[str, ...]:
    """Return what was said of the patient of plain exports, for the engine to cover: their files know none of it."""
    if not study.nameless or study.unmatched:
        return ()
    identity = identity_of(study.patient)
    parts = [*_SEPARATORS.split(identity.name), " ".join(identity.record_number.split())]
    return tuple(part[:MAX_COVERED_LETTERS] for part in parts if sum(sign.isalnum() for sign in part) > 1)


def namesakes(study: Study) -> list[UUID]:
    """Return the studies that go by the same number and name another patient: one of them may be wrong."""
    others = Study.objects.filter(clinic_id=study.clinic_id, study_match=study.study_match)
    return list(others.exclude(pk=study.pk).values_list("pk", flat=True))


def _clean_again(picture: Instance) -> None:
    if picture.state not in _CLEANED_ONCE:
        raise ReviewRefused(ReviewRefusal.STATE)
    steps.queue_again(picture)
