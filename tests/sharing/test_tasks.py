"""The task takes a key and calls the service."""

from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings

from sharing.tasks import send_message


@pytest.mark.django_db
def test_an_unknown_job_does_nothing_and_the_name_is_the_one_jobs_know() -> None:
    assert send_message.name == settings.JOB_TASKS["send_message"]
    assert send_message.name in current_app.tasks
    send_message(str(uuid4()))
