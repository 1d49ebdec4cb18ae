"""The periodic tasks are those that the clock calls, and each does its one thing."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from pytest_django import Settings

from consent.tasks import look_after
from deid.ingest.upkeep import tend_deliveries
from deid.tasks import keep_to_the_rules
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.celery import app
from ultrasound_portal.clinics.tasks import clear_sessions
from ultrasound_portal.jobs import heartbeat, tasks
from ultrasound_portal.vault import orphans, stores

pytestmark = pytest.mark.django_db


def test_the_clock_calls_tasks_that_exist() -> None:
    app.loader.import_default_modules()
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned == {
        tasks.sweep.name,
        tasks.heartbeat.name,
        tasks.follow_the_trail.name,
        tasks.collect_orphans.name,
        clear_sessions.name,
        keep_to_the_rules.name,
        tend_deliveries.name,
        look_after.name,
    }
    assert planned <= set(app.tasks)


def test_the_heart_beats() -> None:
    tasks.heartbeat()
    assert heartbeat.age() is not None


def test_sweeping_and_collecting_run() -> None:
    tasks.sweep()
    tasks.collect_orphans()
    assert orphans.collect() == 0


def test_what_is_collected_is_on_the_trail(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    key = uuid4().hex
    stores.write(key, [b"x"])
    os.utime(stores.files().path_of(key), (1000, 1000))
    tasks.collect_orphans()
    tasks.collect_orphans()
    assert [entry.detail for entry in Entry.objects.filter(event="orphans_removed")] == [{"objects": 1}]
