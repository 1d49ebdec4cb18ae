"""The periodic tasks are those that the clock calls, and each does its one thing."""

import pytest
from django.conf import settings

from ultrasound_portal.celery import app
from ultrasound_portal.clinics.tasks import clear_sessions
from ultrasound_portal.jobs import heartbeat, tasks
from ultrasound_portal.vault import orphans

pytestmark = pytest.mark.django_db


def test_the_clock_calls_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned == {
        tasks.sweep.name,
        tasks.heartbeat.name,
        tasks.collect_orphans.name,
        clear_sessions.name,
    }
    assert planned <= set(app.tasks)


def test_the_heart_beats() -> None:
    tasks.heartbeat()
    assert heartbeat.age() is not None


def test_sweeping_and_collecting_run() -> None:
    tasks.sweep()
    tasks.collect_orphans()
    assert orphans.collect() == 0
