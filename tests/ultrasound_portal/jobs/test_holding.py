"""Work in progress keeps its lease, and a fault gives the job back with what it counts."""

import time
from uuid import uuid4

import pytest

from ultrasound_portal.jobs import leases
from ultrasound_portal.jobs.holding import GivingBack, Renewing
from ultrasound_portal.jobs.leases import Lease, LeaseLost
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.vault.errors import KeyUnavailable

LEASE = Lease(job_id=uuid4(), kind="process_instance", object_id=uuid4(), owner="here:1:1", fence=1, attempt=1)


@pytest.mark.parametrize(
    ("fault", "counts"), [(RuntimeError(), True), (KeyUnavailable(), False)], ids=["own", "surroundings"]
)
def test_a_fault_gives_the_job_back_and_goes_on(fault: Exception, counts: bool) -> None:
    given: list[tuple[Lease, str, bool]] = []
    with pytest.raises(type(fault)), GivingBack(LEASE, lambda *all_: given.append(all_)):
        raise fault
    assert given == [(LEASE, type(fault).__name__, counts)]


def test_a_lease_that_is_lost_is_left_alone() -> None:
    with GivingBack(LEASE, lambda *_: pytest.fail("it is another's")):
        raise LeaseLost


def test_work_that_ends_well_gives_nothing_back() -> None:
    with GivingBack(LEASE, lambda *_: pytest.fail("it is done")):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_the_work_goes_on() -> None:
    leases.enqueue("process_instance", uuid4())
    lease = leases.claim(Job.objects.get().pk, owner="here:1:1")
    assert lease is not None
    before = Job.objects.get().lease_until
    with Renewing(lease, seconds=0.02):
        deadline = time.monotonic() + 10
        while Job.objects.get().lease_until == before and time.monotonic() < deadline:
            time.sleep(0.02)
    assert Job.objects.get().lease_until > before  # type: ignore[operator]
