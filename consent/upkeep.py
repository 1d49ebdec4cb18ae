"""What time does to consents: a yes past its end is noted, and people are asked to act in time.

Safety does not lean on it: the gate reads the clock itself for every byte.
"""

import datetime
from collections.abc import Iterator

from consent.ending import lapse
from consent.models import Grant
from consent.models.grant import RUNNING, GrantQuerySet
from consent.states import GrantState, TaskKind
from consent.todo import open_task
from ultrasound_portal.patients import care

NOTICE = datetime.timedelta(days=30)
BATCH = 500


def look_after(at: datetime.datetime) -> int:
    """Note every yes that is over at `at`, ask for the patient's own word where she has come of age, and for a notice
    where the end is near and her care status does not ask for quiet; return how many were over.
    """
    over = 0
    for grant in _in_batches(Grant.objects.filter(state__in=RUNNING, valid_until__lte=at)):
        over += lapse(grant, at)
        capacity = getattr(grant.record, "capacity", None)
        if capacity is not None and capacity.of_age and capacity.ends_at <= at:
            open_task(grant, TaskKind.ASK_AGAIN, at)
    soon = Grant.objects.filter(state=GrantState.ACTIVE, valid_until__gt=at, valid_until__lte=at + NOTICE)
    soon = soon.exclude(patient__in=care.quiet_patients())
    for grant in _in_batches(soon.exclude(tasks__kind=TaskKind.ENDS_SOON)):
        open_task(grant, TaskKind.ENDS_SOON, at)
    return over


def _in_batches(grants: GrantQuerySet) -> Iterator[Grant]:
    yield from list(grants.select_related("record__capacity").order_by("valid_until")[:BATCH])
