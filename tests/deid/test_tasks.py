"""The task takes a key and calls the service."""

from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings

from deid.tasks import process_instance

pytestmark = pytest.mark.django_db


def test_it_is_registered_under_the_name_the_jobs_know() -> None:
    assert process_instance.name == settings.JOB_TASKS["process_instance"]
    assert process_instance.name in current_app.tasks


def test_an_unknown_job_does_nothing() -> None:
    process_instance(str(uuid4()))


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        process_instance("not a key")
