"""The heartbeat is as old as the last task that ran."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ultrasound_portal.jobs import heartbeat
from ultrasound_portal.jobs.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_before_the_first_beat_there_is_no_age() -> None:
    assert heartbeat.age() is None


def test_every_beat_replaces_the_last() -> None:
    heartbeat.beat()
    Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(minutes=5))
    assert (heartbeat.age() or timedelta()) >= timedelta(minutes=5)
    heartbeat.beat()
    assert (heartbeat.age() or timedelta.max) < timedelta(seconds=30)
    assert Heartbeat.objects.count() == 1


def test_a_beat_that_is_still_to_come_shows_nothing() -> None:
    heartbeat.beat()
    Heartbeat.objects.update(beaten_at=timezone.now() + timedelta(hours=1))
    assert heartbeat.age() is None
