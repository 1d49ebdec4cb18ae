"""A worker is told on commit; a broker that is away costs a log line, not the work."""

import logging
from uuid import uuid4

import pytest
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from ultrasound_portal.celery import app
from ultrasound_portal.jobs.leases import enqueue
from ultrasound_portal.jobs.models import Job

pytestmark = pytest.mark.django_db
KIND = "process_instance"


def test_the_message_holds_the_job_id_and_nothing_else(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue(KIND, uuid4())
    with app.connection_for_read() as connection, connection.SimpleQueue("portal") as queue:
        waiting = [queue.get_nowait() for _ in range(queue.qsize())]
    bodies = [message.payload for message in waiting]
    assert [[str(job.id)], {}] in [body[:2] for body in bodies]
    assert str(job.object_id) not in str([(m.payload, m.headers) for m in waiting])


@pytest.mark.parametrize("fault", [OperationalError("away"), OSError("full"), ConnectionRefusedError()])
def test_a_broker_that_is_away_is_logged_and_the_job_waits(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    fault: Exception,
) -> None:
    def away(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(app, "send_task", away)
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        job = enqueue(KIND, uuid4())
    assert str(job.id) in caplog.text
    assert Job.objects.get(pk=job.pk).state == "queued"
