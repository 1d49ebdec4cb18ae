"""A study is kept for a legal reason, and let go again; both acts are on the trail."""

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from deid.models import LegalHold, Study
from deid.states import HoldGround
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User


def holds_of(clinic: Clinic) -> QuerySet[LegalHold]:
    """Return the holds that stand in a clinic, the oldest first."""
    return LegalHold.objects.filter(study__clinic=clinic, lifted_at=None).select_related("study__patient", "placed_by")


def place(study: Study, *, ground: HoldGround, by: User) -> LegalHold:
    """Keep everything of a study; where it is kept already, return the hold that stands."""
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(study=study, ground=HoldGround(ground), placed_by=by)
            _record(Event.HOLD_PLACED, hold, by)
            return hold
    except IntegrityError:
        return LegalHold.objects.get(study=study, lifted_at=None)


@transaction.atomic
def lift(hold: LegalHold, *, by: User) -> None:
    """Let a study go again; lifting twice is harmless."""
    locked = LegalHold.objects.select_for_update(of=("self",)).select_related("study").get(pk=hold.pk)
    if locked.lifted_at is None:
        locked.lifted_at, locked.lifted_by = timezone.now(), by
        locked.save(update_fields=["lifted_at", "lifted_by"])
        _record(Event.HOLD_LIFTED, locked, by)


def _record(event: Event, hold: LegalHold, by: User) -> None:
    trail.record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=hold.study.clinic_id,
        object_kind="study",
        object_id=hold.study_id,
        patient_id=hold.study.patient_id,
        detail={"ground": hold.ground},
    )
