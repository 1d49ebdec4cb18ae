"""The table refuses a running job without a lease, and two waiting jobs for one object."""

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ultrasound_portal.jobs.models import Heartbeat, Job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "odd",
    [
        {"state": "running"},
        {"state": "running", "lease_owner": "a"},
        {"state": "running", "lease_until": timezone.now()},
        {"state": "queued", "lease_owner": "a", "lease_until": timezone.now()},
        {"state": "done", "lease_owner": "a"},
    ],
    ids=["bare", "no end", "no owner", "queued", "done"],
)
def test_a_lease_belongs_to_running_jobs_only(odd: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        Job.objects.create(kind="process_instance", object_id=uuid4(), **odd)


def test_one_waiting_job_per_object() -> None:
    job = Job.objects.create(kind="process_instance", object_id=uuid4())
    Job.objects.create(kind="process_instance", object_id=job.object_id, state="done")
    with pytest.raises(IntegrityError):
        Job.objects.create(kind="process_instance", object_id=job.object_id)


def test_names() -> None:
    job = Job(kind="process_instance")
    assert str(job) == f"process_instance {job.id} queued"
    assert str(Heartbeat(name="worker")) == "worker"
