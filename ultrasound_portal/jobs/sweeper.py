"""Finds what fell through: lapsed leases, those of dead workers, and waiting jobs whose message was lost."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ultrasound_portal.jobs import owners
from ultrasound_portal.jobs.leases import give_back
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.jobs.waking import wake

LAPSED = "LeaseLapsed"
DIED = "WorkerDied"
SILENCE = timedelta(seconds=45)
WAKE_AT_ONCE = 20
"""How many waiting jobs one sweep announces: enough to get going, too few to flood a long queue."""


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many jobs were queued again, set aside, and announced once more."""

    requeued: int
    quarantined: int
    woken: int


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
    if job.lease_until is None or job.lease_until < timezone.now():
        return LAPSED
    return DIED if owners.has_died(job.lease_owner) else ""


def _wake_silent() -> int:
    now = timezone.now()
    with transaction.atomic():
        silent = list(
            Job.objects.select_for_update(skip_locked=True)
            .filter(state=JobState.QUEUED, woken_at__lt=now - SILENCE)
            .order_by("woken_at")[:WAKE_AT_ONCE]
        )
        Job.objects.filter(pk__in=[job.pk for job in silent]).update(woken_at=now)
        for job in silent:
            wake(job.kind, job.id)
    return len(silent)
