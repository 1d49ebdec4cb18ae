"""What a clinic keeps no longer than it says: originals after release, pictures that were rejected or never released.

Each is destroyed in a transaction of its own, the key first, with its entry on the trail; a legal hold stops all of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from deid.models import Instance, Study
from deid.services.destruction import destroy_original, erase_picture
from deid.states import InstanceState, Lapse
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import LONGEST_KEPT, Clinic, User
from ultrasound_portal.patients import care

ACTOR = "system:retention"
WAITING = frozenset({InstanceState.CLEAN, InstanceState.HELD, InstanceState.FAILED})


class Rule(StrEnum):
    """Which of a clinic's rules a picture falls under."""

    RELEASED = "released"
    REJECTED = "rejected"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many pictures fall under a rule: by the next look, within a day, a week, a month, later; and on hold."""

    rule: Rule
    now: int
    day: int
    week: int
    month: int
    later: int
    on_hold: int


@dataclass(frozen=True, slots=True)
class Report:
    """How many originals were destroyed, and how many whole pictures erased, because rejected or abandoned."""

    originals: int
    rejected: int
    abandoned: int


def change_rules(clinic: Clinic, *, originals_kept_days: int, abandoned_after_days: int, by: User) -> None:
    """Set how long a clinic keeps things; raises ValueError outside 0 and 1 to 3650 days."""
    if not 0 <= originals_kept_days <= LONGEST_KEPT or not 1 <= abandoned_after_days <= LONGEST_KEPT:
        raise ValueError("days out of bounds")
    with transaction.atomic():
        Clinic.objects.filter(pk=clinic.pk).update(
            originals_kept_days=originals_kept_days, abandoned_after_days=abandoned_after_days
        )
        trail.record(
            Event.RETENTION_CHANGED,
            actor=f"user:{by.pk}",
            clinic_id=clinic.pk,
            object_kind="clinic",
            object_id=clinic.pk,
            detail={"originals_kept_days": originals_kept_days, "abandoned_after_days": abandoned_after_days},
        )


def keep_to_the_rules(*, dry_run: bool = False) -> Report:
    """Destroy what is due in every clinic, or only count it; safe to run anywhere, any time, twice at once."""
    counts = dict.fromkeys(Rule, 0)
    for clinic in Clinic.objects.all():
        for rule in Rule:
            for key in list(due(clinic, rule, timezone.now()).values_list("pk", flat=True)):
                counts[rule] += 1 if dry_run else _apply(key, rule)
    return Report(originals=counts[Rule.RELEASED], rejected=counts[Rule.REJECTED], abandoned=counts[Rule.ABANDONED])


def due(clinic: Clinic, rule: Rule, at: datetime) -> QuerySet[Instance]:
    """Return the pictures of a clinic that fall under a rule at a moment and that no legal hold keeps.

    While a patient's care status asks for quiet nothing of hers is due; the days count anew from when it ends.
    """
    days = clinic.abandoned_after_days if rule is Rule.ABANDONED else clinic.originals_kept_days
    since = "released_at" if rule is Rule.RELEASED else "changed_at"
    concerned = under(clinic, rule).exclude(study__in=_held_studies())
    counting = concerned.exclude(study__patient__in=care.quiet_patients()).alias(
        counted_from=Greatest(F(since), Coalesce(care.loud_since("study__patient"), F(since)))
    )
    return counting.filter(counted_from__lte=at - timedelta(days=days)).order_by(since, "pk")


def under(clinic: Clinic, rule: Rule) -> QuerySet[Instance]:
    """Return the pictures of a clinic that will fall under a rule one day."""
    pictures = Instance.objects.filter(clinic=clinic)
    if rule is Rule.RELEASED:
        return pictures.filter(state=InstanceState.RELEASED, original_destroyed_at=None)
    if rule is Rule.ABANDONED:
        return pictures.filter(state__in=WAITING)
    kept = Q(original_destroyed_at=None) | Q(artefacts__isnull=False)
    return pictures.filter(kept, state=InstanceState.REJECTED).distinct()


def forecast(clinic: Clinic, at: datetime) -> Iterator[Forecast]:
    """Say for each rule how many pictures it takes and when."""
    for rule in Rule:
        bounds = [due(clinic, rule, at + timedelta(days=days)).count() for days in (0, 1, 7, 30)]
        every = under(clinic, rule).count()
        on_hold = under(clinic, rule).filter(study__in=_held_studies()).count()
        now, day, week, month = bounds
        yield Forecast(
            rule=rule,
            now=now,
            day=day - now,
            week=week - day,
            month=month - week,
            later=every - on_hold - month,
            on_hold=on_hold,
        )


def _held_studies() -> QuerySet[Study]:
    return Study.objects.filter(legal_holds__lifted_at__isnull=True, legal_holds__isnull=False)


@transaction.atomic
def _apply(key: UUID, rule: Rule) -> int:
    """Destroy one picture's due part if, with its row locked, the rule still takes it."""
    instance = Instance.objects.select_for_update(of=("self",)).select_related("study", "clinic").filter(pk=key).first()
    if instance is None or not due(instance.clinic, rule, timezone.now()).filter(pk=key).exists():
        return 0
    if rule is Rule.RELEASED:
        destroy_original(instance, actor=ACTOR)
    else:
        reason = Lapse.ABANDONED.value if rule is Rule.ABANDONED else instance.reason
        erase_picture(instance, reason=reason, actor=ACTOR)
    return 1
