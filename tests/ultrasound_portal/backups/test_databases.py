"""A dump is of one moment, of the right kind of database, and goes into an empty one only."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.backups import databases
from ultrasound_portal.backups.errors import BackupRefused


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_the_dump_says_where_its_trail_ends(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with transaction.atomic():
        record(Event.AUDIT_READ, actor="system:test", clinic_id=None)
    name, head = databases.dump(tmp_path)
    assert head == trail.head()
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert name == databases.NAMES[connection.vendor]


@pytest.mark.django_db
def test_nothing_is_written_over(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="not empty"):
        databases.load(tmp_path / "x", connection.vendor)
    with pytest.raises(BackupRefused, match="of another"):
        databases.load(tmp_path / "x", "another")


def test_a_program_that_is_missing_or_fails_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(databases, "_parameters", lambda: {"dbname": "x", "password": "hush"})
    with pytest.raises(BackupRefused, match="not installed"):
        databases._postgresql("pg_nothing", [])
    program = tmp_path / "pg_false"
    program.write_text('#!/bin/sh\n[ "$PGPASSWORD" = hush ] && exit 3\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(BackupRefused, match="status 3"):
        databases._postgresql("pg_false", [])
