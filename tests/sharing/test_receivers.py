"""A message whose job was set aside is told as failed."""

from uuid import uuid4

import pytest

from sharing.states import MessageState
from tests.factories.sharing import Scene, make_message
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.signals import job_quarantined

pytestmark = pytest.mark.django_db


def test_a_message_set_aside_has_failed_and_one_that_ended_stays(scene: Scene) -> None:
    message = make_message(scene)
    for _ in range(2):
        job_quarantined.send(sender=Job, kind="send_message", object_id=message.pk)
        message.refresh_from_db()
        assert (message.state, message.fault) == (MessageState.FAILED, "gave_up")


def test_other_work_is_none_of_its_business() -> None:
    job_quarantined.send(sender=Job, kind="something_else", object_id=uuid4())
