"""The settings refuse odd values and are strict without being told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
SHOW = """
from ultrasound_portal import settings as s
print(s.DEBUG, s.DEMO, s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.PORTAL_BIND)
print(",".join(s.PORTAL_HOSTS) or "-", "localhost" in s.ALLOWED_HOSTS)
print(s.DATABASES["default"]["ENGINE"].rpartition(".")[2], s.CELERY_BROKER_URL.split(":")[0], len(s.SECRET_KEY) > 40)
"""


def show(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG"}}
    return subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env={**kept, "PORTAL_DATA": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_variables_it_is_strict_and_writes_nothing(tmp_path: Path) -> None:
    shown = show(tmp_path)
    assert shown.stdout.split() == [
        "False",
        "False",
        "session",
        "False",
        "127.0.0.1",
        "-",
        "True",
        "sqlite3",
        "filesystem",
        "True",
    ], shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_production_is_chosen_by_variables(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgres://portal:pw@db/portal\n")
    shown = show(
        tmp_path,
        PORTAL_HTTPS="1",
        PORTAL_BIND="0.0.0.0",
        PORTAL_HOSTS="portal.example.org, other.example.org",
        DATABASE_URL_FILE=str(tmp_path / "url"),
        CELERY_BROKER_URL="redis://queue/0",
    )
    assert shown.stdout.split()[2:9] == [
        "__Host-session",
        "True",
        "0.0.0.0",
        "portal.example.org,other.example.org",
        "True",
        "postgresql",
        "redis",
    ], shown.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORTAL_PORT", "90000"), ("DEBUG", "maybe"), ("UPLOAD_LIMIT_MIB", "-1"), ("LOG_LEVEL", "LOUD")],
)
def test_odd_values_stop_the_start(tmp_path: Path, name: str, value: str) -> None:
    shown = show(tmp_path, **{name: value})
    assert shown.returncode != 0
    assert name in shown.stderr.splitlines()[-1]


def test_a_kept_secret_key_is_used(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret.key").write_text("k" * 41)
    assert show(tmp_path).stdout.split()[-1] == "True"


@pytest.mark.django_db
def test_the_database_keeps_what_it_is_told() -> None:
    if connection.vendor != "sqlite":
        assert connection.vendor == "postgresql"
        return
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout"):
            cursor.execute(f"PRAGMA {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 20_000,
    }


ANNOUNCE = """
from ultrasound_portal.celery import app
app.send_task("deid.tasks.process_instance", args=["key"], retry=False, ignore_result=True)
"""


def test_a_broker_that_hangs_does_not_hold_an_upload(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG"}}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        done = subprocess.run(
            [sys.executable, "-c", ANNOUNCE],
            cwd=ROOT,
            env={**kept, "PORTAL_DATA": str(tmp_path), "CELERY_BROKER_URL": url},
            capture_output=True,
            text=True,
            check=False,
            timeout=45,
        )
    assert "OperationalError" in done.stderr
