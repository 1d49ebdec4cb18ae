"""The sweeper finds lapsed leases and lost messages, and leaves the rest alone."""

import subprocess
import sys
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs import owners, sweeper, waking
from ultrasound_portal.jobs.leases import LeaseLost, claim, enqueue, publishing
from ultrasound_portal.jobs.models import Heartbeat, Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.jobs.sweeper import SweepReport, sweep

KIND = "process_instance"
pytestmark = [pytest.mark.django_db, pytest.mark.database]
PAST = timedelta(seconds=-1)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Collect what would be announced to the broker."""
    told: list[UUID] = []
    monkeypatch.setattr(waking, "_send", lambda _kind, job_id: told.append(job_id))
    return told


def lapse(job: Job, attempt: int = 1) -> None:
    claim(job.id, owner="gone")
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + PAST, attempt=attempt)


def test_nothing_to_do() -> None:
    enqueue(KIND, uuid4())
    assert sweep() == SweepReport(requeued=0, quarantined=0, woken=0)


def test_a_living_lease_is_left_alone() -> None:
    job = enqueue(KIND, uuid4())
    claim(job.id, owner="one")
    assert sweep().requeued == 0
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING


def test_a_lapsed_lease_is_queued_again_and_announced(
    sent: list[UUID], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = enqueue(KIND, uuid4())
    lapse(job)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == SweepReport(requeued=1, quarantined=0, woken=0)
    assert sent == [job.id]
    assert Job.objects.get(pk=job.pk).error_class == sweeper.LAPSED
    assert claim(job.id, owner="two") is not None


def test_the_lease_of_a_worker_that_was_killed_is_not_waited_for(
    sent: list[UUID], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    ask = "from ultrasound_portal.jobs.owners import this_process; print(this_process())"
    owner = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    job = enqueue(KIND, uuid4())
    lease = claim(job.id, owner=owner)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep() == SweepReport(requeued=1, quarantined=0, woken=0)
    assert sent == [job.id]
    assert Job.objects.get(pk=job.pk).error_class == sweeper.DIED
    assert lease is not None
    with pytest.raises(LeaseLost), publishing(lease):
        pytest.fail("a lease that was given away publishes nothing")


def test_the_lease_of_a_worker_that_lives_is_left_alone() -> None:
    job = enqueue(KIND, uuid4())
    claim(job.id, owner=owners.this_process())
    assert sweep().requeued == 0


def test_the_third_lapse_sets_the_job_aside(quarantined: list[tuple[str, UUID]]) -> None:
    job = enqueue(KIND, uuid4())
    lapse(job, attempt=3)
    assert sweep() == SweepReport(requeued=0, quarantined=1, woken=0)
    assert sweep() == SweepReport(requeued=0, quarantined=0, woken=0)
    assert Entry.objects.get(event=Event.JOB_QUARANTINED).object_id == job.id
    assert quarantined == [(KIND, job.object_id)]


def test_a_job_whose_message_was_lost_is_announced_again_but_not_each_time(
    sent: list[UUID], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = enqueue(KIND, uuid4())
    Job.objects.update(woken_at=timezone.now() - sweeper.SILENCE + PAST)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep().woken == 1
        assert sweep().woken == 0
    assert sent == [job.id]


def test_a_long_queue_is_not_flooded(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    for _ in range(sweeper.WAKE_AT_ONCE + 5):
        enqueue(KIND, uuid4())
    Job.objects.update(woken_at=timezone.now() - sweeper.SILENCE + PAST)
    with django_capture_on_commit_callbacks():
        assert sweep().woken == sweeper.WAKE_AT_ONCE
        assert sweep().woken == 0


def test_the_longest_waiting_are_announced_even_if_newer_ones_are_silent_too(
    sent: list[UUID], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    jobs = [enqueue(KIND, uuid4()) for _ in range(sweeper.WAKE_AT_ONCE + 5)]
    Job.objects.update(woken_at=timezone.now() - sweeper.SILENCE + PAST)
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert set(sent) == {job.id for job in jobs[: sweeper.WAKE_AT_ONCE]}


def test_one_of_many_that_ask_at_once_sweeps() -> None:
    assert [sweeper.takes_turn() for _ in range(3)] == [True, False, False]
    Heartbeat.objects.filter(name=sweeper.SWEEPER).update(beaten_at=timezone.now() - sweeper.TURN + PAST)
    assert [sweeper.takes_turn() for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_jumped_stops_neither_sweep_nor_lease_nor_message(
    sent: list[UUID], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, hours: int
) -> None:
    sweeper.takes_turn()
    waiting, running = enqueue(KIND, uuid4()), enqueue(KIND, uuid4())
    claim(running.id, owner="gone")
    jump = timedelta(hours=hours)
    Heartbeat.objects.update(beaten_at=F("beaten_at") + jump)
    Job.objects.update(woken_at=F("woken_at") + jump)
    Job.objects.filter(pk=running.pk).update(lease_until=F("lease_until") + jump)
    with django_capture_on_commit_callbacks(execute=True):
        assert sweeper.takes_turn()
        assert sweep() == SweepReport(requeued=1, quarantined=0, woken=1)
    assert set(sent) == {waiting.id, running.id}
