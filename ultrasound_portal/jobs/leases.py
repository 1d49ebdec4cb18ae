"""Puts work in the queue and lets exactly one worker publish its result, whatever the broker does.

A claim is one UPDATE that raises the fence; a result is published in one transaction that first checks it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.jobs import heartbeat
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.signals import job_quarantined
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.jobs.waking import wake

LEASE = timedelta(seconds=30)
"""How long work counts as somebody's without a word from them: whoever works renews six times in it."""
ATTEMPTS = 3
WORKER = "system:worker"


class LeaseLost(Exception):
    """The job is no longer this worker's: its lease lapsed and it was queued again, or it is finished."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A claimed job; `attempt` counts from 1."""

    job_id: UUID
    kind: str
    object_id: UUID
    owner: str
    fence: int
    attempt: int


def enqueue(kind: str, object_id: UUID, *, clinic_id: UUID | None = None) -> Job:
    """Queue work in the caller's transaction and wake a worker on commit; nothing waits twice.

    `clinic_id` says on whose trail it stands if the work is set aside or retried.
    """
    if kind not in settings.JOB_TASKS:
        raise ImproperlyConfigured(f"JOB_TASKS names no task for jobs of the kind {kind}.")
    with transaction.atomic():
        job, _ = Job.objects.get_or_create(
            kind=kind, object_id=object_id, state=JobState.QUEUED, defaults={"clinic_id": clinic_id}
        )
        wake(kind, job.id)
    return job


def claim(job_id: UUID, *, owner: str) -> Lease | None:
    """Take a waiting job; None if it does not wait: another worker has it, it is finished or unknown."""
    now = timezone.now()
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
            state=JobState.RUNNING,
            lease_owner=owner,
            lease_until=now + LEASE,
            fence=F("fence") + 1,
            attempt=F("attempt") + 1,
            updated_at=now,
        )
        if not claimed:
            return None
        job = Job.objects.get(pk=job_id)
        heartbeat.beat()  # a worker that takes work is alive, however long the upkeep's own beat has to wait
    return Lease(
        job_id=job.id,
        kind=job.kind,
        object_id=job.object_id,
        owner=owner,
        fence=job.fence,
        attempt=job.attempt,
    )


def renew(lease: Lease) -> None:
    """Extend the lease of work that takes long; raises LeaseLost."""
    now = timezone.now()
    if not _mine(lease).update(lease_until=now + LEASE, updated_at=now):
        raise LeaseLost


@contextmanager
def publishing(lease: Lease) -> Iterator[None]:
    """Make the block's writes and the job's end one transaction; on LeaseLost nothing is written.

    The row is taken first, so a sweeper cannot hand the job on while the block runs.
    """
    with transaction.atomic():
        finished = _mine(lease).update(
            state=JobState.DONE, lease_owner="", lease_until=None, error_class="", updated_at=timezone.now()
        )
        if not finished:
            raise LeaseLost
        yield


def fail(lease: Lease, error_class: str) -> JobState:
    """End an attempt: queued again, or set aside at the third; raises LeaseLost.

    `error_class` is the name of an exception class or of a reason, never its text.
    """
    with transaction.atomic():
        job = _mine(lease).select_for_update().first()
        if job is None:
            raise LeaseLost
        return give_back(job, error_class)


def postpone(lease: Lease, error_class: str) -> None:
    """End an attempt that failed for want of room, database or key: it does not count, and the sweeper tells again.

    The first such attempt stands on the trail, those after it for the same want do not. Raises LeaseLost.
    """
    with transaction.atomic():
        postponed = _mine(lease).select_for_update().first()
        if postponed is None:
            raise LeaseLost
        if postponed.error_class != error_class:
            _note(Event.JOB_POSTPONED, postponed, error_class)
        postponed.attempt -= 1
        give_back(postponed, error_class, at_once=False)


def give_back(job: Job, error_class: str, *, at_once: bool = True) -> JobState:
    """Queue a running job again or set it aside; called with its row locked."""
    job.state = JobState.QUARANTINED if job.attempt >= ATTEMPTS else JobState.QUEUED
    job.error_class = error_class[:100]
    job.lease_owner, job.lease_until, job.woken_at = "", None, timezone.now()
    if (
        job.state == JobState.QUEUED
        and Job.objects.filter(kind=job.kind, object_id=job.object_id, state=JobState.QUEUED).exists()
    ):
        job.state = JobState.DONE  # a newer job for the same object waits already and does this one's work
    job.save()
    if job.state == JobState.QUEUED and at_once:
        wake(job.kind, job.id)
    elif job.state == JobState.QUARANTINED:
        _set_aside(job)
    return JobState(job.state)


def retry(job: Job, *, actor: str = WORKER) -> Job:
    """Queue a job that was set aside once more, with all its attempts; raises ValueError for any other."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if locked.state != JobState.QUARANTINED:
            raise ValueError("only a job that was set aside is retried")
        locked.state, locked.attempt, locked.error_class, locked.woken_at = (
            JobState.QUEUED,
            0,
            "",
            timezone.now(),
        )
        locked.save()
        record(Event.JOB_RETRIED, actor=actor, clinic_id=locked.clinic_id, object_kind="job", object_id=locked.id)
        wake(locked.kind, locked.id)
    return locked


def _mine(lease: Lease) -> QuerySet[Job]:
    return Job.objects.filter(pk=lease.job_id, state=JobState.RUNNING, fence=lease.fence, lease_owner=lease.owner)


def _set_aside(job: Job) -> None:
    _note(Event.JOB_QUARANTINED, job, job.error_class)
    job_quarantined.send(sender=Job, kind=job.kind, object_id=job.object_id)


def _note(event: Event, job: Job, error_class: str) -> None:
    record(
        event,
        actor=WORKER,
        clinic_id=job.clinic_id,
        object_kind="job",
        object_id=job.id,
        outcome="failed",
        detail={"kind": job.kind, "attempts": job.attempt, "error": error_class},
    )
