"""What the app does with the ground floor's news."""

from uuid import uuid4

import pytest

from deid.states import Failure, InstanceState
from tests.factories.pictures import make_picture
from tests.factories.renders import place_renders
from tests.factories.sharing import make_scene
from ultrasound_portal.clinics.services import publish_brand_kit
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


@pytest.mark.django_db(transaction=True)
def test_a_new_brand_has_the_files_for_sharing_made_again_and_nothing_else() -> None:
    scene = make_scene(pictures=2)
    place_renders(scene.instances[0])
    Job.objects.all().delete()
    publish_brand_kit(
        scene.clinic, name="Hillside Two", line="", background="#402030", ink="#ffffff", logo=None, by=None
    )
    assert [(job.kind, job.object_id) for job in Job.objects.all()] == [("make_renders", scene.instances[0].pk)]
