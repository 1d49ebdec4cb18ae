"""Finds what fell through: lapsed leases, those of dead workers, and waiting jobs whose message was lost.

The machine's clock may jump. A time that lies further ahead than any lease or message can is taken for what it is, and
a fence stops whoever works on under a lease that lapsed too early.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ultrasound_portal.jobs import owners
from ultrasound_portal.jobs.leases import LEASE, give_back
from ultrasound_portal.jobs.models import Heartbeat, Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.jobs.waking import wake

LAPSED = "LeaseLapsed"
DIED = "WorkerDied"
SWEEPER = "sweeper"
TURN = timedelta(seconds=5)
SILENCE = timedelta(seconds=20)
WAKE_AT_ONCE = 50
"""Among how many of the oldest waiting jobs one sweep announces the silent ones; a longer queue is not flooded."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many jobs were queued again, set aside, and announced once more."""

    requeued: int
    quarantined: int
    woken: int


def takes_turn() -> bool:
    """Say whether this process may sweep: one UPDATE, so that of many that ask within `TURN` one does."""
    now = timezone.now()
    row, first = Heartbeat.objects.get_or_create(name=SWEEPER, defaults={"beaten_at": now})
    due = Heartbeat.objects.filter(pk=row.pk).exclude(beaten_at__range=(now - TURN, now))
    return first or bool(due.update(beaten_at=now))


def sweep() -> SweepReport:
    """Mend the queue once; safe to run anywhere, any time, twice at once."""
    states = [_free(pk) for pk in _abandoned()]
    return SweepReport(
        requeued=states.count(JobState.QUEUED),
        quarantined=states.count(JobState.QUARANTINED),
        woken=_wake_silent(),
    )


def _abandoned() -> list[UUID]:
    return [job.pk for job in Job.objects.filter(state=JobState.RUNNING).order_by("lease_until") if _why_free(job)]


def _free(pk: UUID) -> JobState | None:
    """Give one job back if, with its row locked, nobody can be at work on it."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=pk, state=JobState.RUNNING).first()
        why = _why_free(job) if job else ""
        return give_back(job, why) if job and why else None


def _why_free(job: Job) -> str:
    """Return why a running job may be given to another, or nothing; its fence stops the first one in any case."""
    now = timezone.now()
    if job.lease_until is None or not now <= job.lease_until <= now + 2 * LEASE:
        return LAPSED
    return DIED if owners.has_died(job.lease_owner) else ""


def _wake_silent() -> int:
    now = timezone.now()
    with transaction.atomic():
        front = Job.objects.filter(state=JobState.QUEUED).order_by("created_at")[:WAKE_AT_ONCE]
        silent = list(
            Job.objects.select_for_update(skip_locked=True).filter(
                Q(woken_at__lt=now - SILENCE) | Q(woken_at__gt=now + SILENCE),
                pk__in=list(front.values_list("pk", flat=True)),
                state=JobState.QUEUED,
            )
        )
        Job.objects.filter(pk__in=[job.pk for job in silent]).update(woken_at=now)
        for job in silent:
            wake(job.kind, job.id)
    return len(silent)
