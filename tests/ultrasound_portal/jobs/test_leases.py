"""Whatever the broker does, exactly one worker publishes a job's result."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs import heartbeat, leases
from ultrasound_portal.jobs.leases import Lease, LeaseLost, claim, enqueue, fail, postpone, publishing, renew, retry
from ultrasound_portal.jobs.models import Heartbeat, Job
from ultrasound_portal.jobs.states import JobState
from ultrasound_portal.jobs.sweeper import sweep

KIND = "process_instance"
CLINIC = uuid4()
pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def job() -> Job:
    return enqueue(KIND, uuid4(), clinic_id=CLINIC)


@pytest.fixture
def lease(job: Job) -> Lease:
    taken = claim(job.id, owner="one")
    assert taken is not None
    return taken


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_a_claimed_job_is_published_once(job: Job) -> None:
    lease = claim(job.id, owner="one")
    assert lease == Lease(job.id, KIND, job.object_id, "one", fence=1, attempt=1)
    with publishing(lease):
        Heartbeat.objects.create(name="result", beaten_at=timezone.now())
    assert state_of(job) == JobState.DONE
    assert claim(job.id, owner="two") is None
    with pytest.raises(LeaseLost), publishing(lease):
        Heartbeat.objects.all().delete()
    assert Heartbeat.objects.filter(name="result").exists()
    assert heartbeat.age() is not None


def test_work_that_waits_is_not_doubled_but_work_that_runs_may_be_queued_again(job: Job) -> None:
    assert enqueue(KIND, job.object_id).id == job.id
    claim(job.id, owner="one")
    assert enqueue(KIND, job.object_id).id != job.id


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        enqueue("make_tea", uuid4())


def test_an_unknown_job_cannot_be_claimed() -> None:
    assert claim(uuid4(), owner="one") is None


def test_a_failing_block_leaves_the_job_running(lease: Lease) -> None:
    with pytest.raises(RuntimeError), publishing(lease):
        raise RuntimeError
    assert Job.objects.get(pk=lease.job_id).state == JobState.RUNNING
    with publishing(lease):
        pass


def test_the_late_worker_loses(job: Job, lease: Lease) -> None:
    """Its lease lapsed and another worker took over: nothing of it is published, renewed or failed."""
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    second = claim(job.id, owner="two")
    assert second is not None
    assert second.fence == 2
    with pytest.raises(LeaseLost), publishing(lease):
        Heartbeat.objects.create(name="late", beaten_at=timezone.now())
    with pytest.raises(LeaseLost):
        renew(lease)
    with pytest.raises(LeaseLost):
        fail(lease, "Late")
    assert not Heartbeat.objects.filter(name="late").exists()
    with publishing(second):
        pass
    assert state_of(job) == JobState.DONE


def test_the_same_owner_with_an_old_fence_loses(job: Job, lease: Lease) -> None:
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    again = claim(job.id, owner="one")
    with pytest.raises(LeaseLost), publishing(lease):
        pass
    assert again is not None
    with publishing(again):
        pass


def test_renewing_extends_the_lease(lease: Lease) -> None:
    soon = timezone.now() + timedelta(seconds=1)
    Job.objects.update(lease_until=soon)
    renew(lease)
    assert Job.objects.get(pk=lease.job_id).lease_until > soon


def test_the_third_failure_sets_the_job_aside(job: Job, quarantined: list[tuple[str, UUID]]) -> None:
    outcomes = []
    for _ in range(leases.ATTEMPTS):
        lease = claim(job.id, owner="one")
        assert lease is not None
        outcomes.append(fail(lease, "CageBroken"))
    assert outcomes == [JobState.QUEUED, JobState.QUEUED, JobState.QUARANTINED]
    assert claim(job.id, owner="one") is None
    entry = Entry.objects.get(event=Event.JOB_QUARANTINED)
    assert (entry.object_id, entry.clinic_id, entry.outcome) == (job.id, CLINIC, "failed")
    assert entry.detail == {"kind": KIND, "attempts": 3, "error": "CageBroken"}
    assert quarantined == [(KIND, job.object_id)]


def test_a_person_may_retry_what_was_set_aside(job: Job, quarantined: list[tuple[str, UUID]]) -> None:
    with pytest.raises(ValueError, match="set aside"):
        retry(job)
    Job.objects.update(state=JobState.QUARANTINED, attempt=3, error_class="CageBroken")
    user = f"user:{uuid4()}"
    assert retry(job, actor=user).attempt == 0
    entry = Entry.objects.get(event=Event.JOB_RETRIED)
    assert (entry.actor, entry.clinic_id) == (user, CLINIC)
    lease = claim(job.id, owner="one")
    assert lease is not None
    assert lease.attempt == 1


def test_a_failed_job_whose_work_waits_already_is_closed(job: Job, lease: Lease) -> None:
    """The newer job does the same work: two waiting ones would do it twice."""
    newer = enqueue(KIND, job.object_id)
    assert fail(lease, "CageBroken") == JobState.DONE
    assert state_of(newer) == JobState.QUEUED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_of_many_workers_one_wins(round_: int) -> None:
    job = enqueue(KIND, uuid4())
    start = threading.Barrier(4)
    won: list[Lease] = []

    def work(name: str) -> None:
        start.wait()
        try:
            if lease := claim(job.id, owner=name):
                won.append(lease)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(f"worker {n}",)) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(won) == 1
    assert Job.objects.get(pk=job.pk).lease_owner == won[0].owner


@pytest.mark.django_db(transaction=True)
def test_of_publishing_and_sweeping_at_once_one_happens() -> None:
    """Either the late worker publishes or the sweeper hands the job on, never both."""
    for _ in range(5):
        job = enqueue(KIND, uuid4())
        lease = claim(job.id, owner="slow")
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        start = threading.Barrier(2)
        published: list[bool] = []

        def publish(
            lease: Lease | None = lease,
            start: threading.Barrier = start,
            published: list[bool] = published,
        ) -> None:
            start.wait()
            try:
                assert lease is not None
                with publishing(lease):
                    published.append(True)
            except LeaseLost:
                return
            finally:
                connection.close()

        thread = threading.Thread(target=publish)
        thread.start()
        start.wait()
        sweep()
        thread.join()
        assert state_of(job) == (JobState.DONE if published else JobState.QUEUED)


def test_what_failed_for_its_surroundings_waits_without_counting(job: Job) -> None:
    for fence in range(1, 6):
        taken = claim(job.id, owner="one")
        assert taken is not None
        assert (taken.fence, taken.attempt) == (fence, 1)
        postpone(taken, "OperationalError")
        with pytest.raises(LeaseLost):
            postpone(taken, "OperationalError")
    waiting = Job.objects.get(pk=job.pk)
    assert (waiting.state, waiting.attempt, waiting.error_class) == (JobState.QUEUED, 0, "OperationalError")
    entry = Entry.objects.get(event=Event.JOB_POSTPONED)  # once, however often it is tried
    assert (entry.object_id, entry.outcome, entry.detail["error"]) == (job.id, "failed", "OperationalError")


def test_what_failed_for_its_surroundings_is_told_of_by_the_sweeper_only(
    job: Job, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    taken = claim(job.id, owner="one")
    assert taken is not None
    with django_capture_on_commit_callbacks() as told:
        postpone(taken, "OSError")
    assert told == []
