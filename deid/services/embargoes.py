"""A study is held back from its patient until a day or a person, and let go; both acts are on the trail."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Embargo, Study
from deid.states import EmbargoGround
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import User


def standing_now() -> Q:
    """Return the condition that an embargo stands today; it ends as the day `until` begins."""
    return Q(ended_at=None) & (Q(until=None) | Q(until__gt=timezone.localdate()))


def embargo_of(study_id: UUID) -> Embargo | None:
    """Return the embargo that stands on a study."""
    return Embargo.objects.filter(standing_now(), study_id=study_id).select_related("placed_by").first()


def held_back(studies: Iterable[UUID]) -> set[UUID]:
    """Return those of the studies that are held back today."""
    return set(Embargo.objects.filter(standing_now(), study__in=list(studies)).values_list("study", flat=True))


@transaction.atomic
def place(study: Study, *, ground: EmbargoGround, until: date | None, by: User) -> Embargo:
    """Hold the study back at once, also what is released already; one whose day has come makes room.

    Raises ReviewRefused where one stands, or where the day is not to come.
    """
    if until is not None and until <= timezone.localdate():
        raise ReviewRefused(ReviewRefusal.DAY_PAST)
    old = Embargo.objects.filter(study=study, ended_at=None)
    old.exclude(standing_now()).update(ended_at=timezone.now(), ended_by=by)
    try:
        with transaction.atomic():
            made = Embargo.objects.create(study=study, ground=EmbargoGround(ground), until=until, placed_by=by)
    except IntegrityError:
        raise ReviewRefused(ReviewRefusal.STATE) from None
    _record(Event.STUDY_HELD_BACK, made, by)
    return made


@transaction.atomic
def end(embargo: Embargo, *, by: User) -> None:
    """Let the study go; ending twice is harmless."""
    locked = Embargo.objects.select_for_update(of=("self",)).select_related("study").get(pk=embargo.pk)
    if locked.ended_at is None:
        locked.ended_at, locked.ended_by = timezone.now(), by
        locked.save(update_fields=["ended_at", "ended_by"])
        _record(Event.STUDY_LET_GO, locked, by)


def _record(event: Event, embargo: Embargo, by: User) -> None:
    until = {} if embargo.until is None else {"until": embargo.until.isoformat()}
    trail.record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=embargo.study.clinic_id,
        object_kind="study",
        object_id=embargo.study_id,
        patient_id=embargo.study.patient_id,
        detail={"ground": embargo.ground, **until},
    )
