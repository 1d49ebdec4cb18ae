"""Sessions that have expired do not stay in the database."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from ultrasound_portal.clinics import tasks


@pytest.mark.django_db
def test_only_expired_sessions_go() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", expire_date=now - timedelta(seconds=1))
    Session.objects.create(session_key="new", expire_date=now + timedelta(hours=1))
    tasks.clear_sessions()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_it_does_not_wait_behind_pictures() -> None:
    assert settings.CELERY_TASK_ROUTES["clinics.*"] == {"queue": "upkeep"}
