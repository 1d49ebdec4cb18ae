"""Which studies a person wants to see, in the order in which they need somebody; as quick for 10,000 as for ten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from deid.models import Approval, Embargo, Instance, Study
from deid.services.embargoes import standing_now
from deid.states import InstanceState
from ultrasound_portal.clinics.models import Clinic

NEEDS_YOU, READY, BUSY, DONE = range(4)
GROUP_STATES = {
    NEEDS_YOU: (InstanceState.HELD, InstanceState.FAILED),
    READY: (InstanceState.CLEAN,),
    BUSY: (InstanceState.RECEIVED, InstanceState.PROCESSING),
}
HELD_BACK = "back"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; nothing in a field is no condition.

    `show` is the state of some picture of the study, or HELD_BACK; `since` days up to today; `who` found clean or
    released; `patients` were found by the search.
    """

    show: str = ""
    since: int | None = None
    day: date | None = None
    machine: UUID | None = None
    who: UUID | None = None
    patients: tuple[UUID, ...] = ()
    searched: bool = False


def studies(clinic: Clinic, wanted: Wanted) -> QuerySet[Study]:
    """Return the studies with their `group`, those that need a person first, then the newest."""
    found = _filtered(Study.objects.filter(clinic=clinic), wanted)
    cases = [When(_has(*states), then=Value(group)) for group, states in GROUP_STATES.items()]
    group = Case(*cases, default=Value(DONE), output_field=IntegerField())
    return found.select_related("patient").annotate(group=group).order_by("group", "-received_at", "pk")


def how_many(clinic: Clinic, wanted: Wanted) -> int:
    """Return how many studies are wanted."""
    return _filtered(Study.objects.filter(clinic=clinic), wanted).count()


def counts_of(studies: Iterable[Study]) -> dict[UUID, dict[str, int]]:
    """Return for each study how many pictures stand in which state, and under `telling` how many may tell the sex."""
    keys = [study.pk for study in studies]
    of_page = Instance.objects.filter(study__in=keys).values_list("study", "state").order_by()
    counts: dict[UUID, dict[str, int]] = {key: {"telling": 0} for key in keys}
    counted = of_page.annotate(number=Count("pk"), telling=Count("pk", filter=Q(tells_sex=True)))
    for study, state, number, telling in counted:
        counts[study][state] = number
        counts[study]["telling"] += telling
    return counts


def _has(*states: InstanceState) -> Exists:
    return Exists(Instance.objects.filter(study=OuterRef("pk"), state__in=states))


def _filtered(found: QuerySet[Study], wanted: Wanted) -> QuerySet[Study]:
    if wanted.show == HELD_BACK:
        found = found.filter(Exists(Embargo.objects.filter(standing_now(), study=OuterRef("pk"))))
    elif wanted.show:
        found = found.filter(_has(InstanceState(wanted.show)))
    if wanted.since is not None:
        found = found.filter(received_at__gte=_begin(timezone.localdate() - timedelta(days=wanted.since - 1)))
    if wanted.day is not None:
        found = found.filter(
            received_at__gte=_begin(wanted.day), received_at__lt=_begin(wanted.day + timedelta(days=1))
        )
    if wanted.machine is not None:
        found = found.filter(Exists(Instance.objects.filter(study=OuterRef("pk"), machine=wanted.machine)))
    if wanted.who is not None:
        found = found.filter(Exists(Approval.objects.filter(instance__study=OuterRef("pk"), by=wanted.who)))
    return found.filter(patient__in=wanted.patients) if wanted.searched else found


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
