"""Health says yes or no to strangers; the log says which part is missing."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ultrasound_portal.health import STALE
from ultrasound_portal.jobs import heartbeat
from ultrasound_portal.jobs.models import Heartbeat
from ultrasound_portal.vault import file_store


def test_it_lives_without_a_database(client: Client) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_it_is_ready_when_a_worker_works(client: Client) -> None:
    heartbeat.beat()
    assert client.get("/health/ready").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("age", [None, STALE + timedelta(seconds=1)])
def test_a_silent_worker_is_not_ready(client: Client, caplog: pytest.LogCaptureFixture, age: timedelta | None) -> None:
    if age:
        Heartbeat.objects.create(name="worker", beaten_at=timezone.now() - age)
    with caplog.at_level(logging.WARNING):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")
    assert "worker" in caplog.text


@pytest.mark.django_db
def test_a_missing_folder_is_not_ready(client: Client, settings: Settings, tmp_path: Path) -> None:
    heartbeat.beat()
    settings.PORTAL_DATA = tmp_path / "gone"
    assert client.get("/health/ready").status_code == 503


@pytest.mark.django_db
def test_a_lost_database_is_not_ready(client: Client) -> None:
    def lost(*_: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(lost):
        answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_only_answers_questions(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_a_disk_that_is_almost_full_is_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    heartbeat.beat()
    monkeypatch.setattr(file_store, "RESERVE", 1 << 62)
    assert client.get("/health/ready").status_code == 503
