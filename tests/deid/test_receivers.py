"""What the app does with the ground floor's news."""

from uuid import uuid4

import pytest

from deid.states import Failure, InstanceState
from tests.factories.pictures import make_picture
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.signals import job_quarantined

pytestmark = pytest.mark.django_db


def test_a_job_set_aside_shows_its_instance_as_failed() -> None:
    instance = make_picture(state=InstanceState.PROCESSING)
    job_quarantined.send(sender=Job, kind="process_instance", object_id=instance.pk)
    instance.refresh_from_db()
    assert (instance.state, instance.reason) == (InstanceState.FAILED, Failure.GAVE_UP)


def test_a_finished_instance_stays_as_it_is() -> None:
    instance = make_picture(state=InstanceState.CLEAN)
    job_quarantined.send(sender=Job, kind="process_instance", object_id=instance.pk)
    instance.refresh_from_db()
    assert instance.state == InstanceState.CLEAN


def test_other_work_is_none_of_its_business() -> None:
    job_quarantined.send(sender=Job, kind="something_else", object_id=uuid4())
