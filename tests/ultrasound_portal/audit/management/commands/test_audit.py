"""The command says in one line, and by its exit status, whether the trail is whole."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path


def run() -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("audit", "verify", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_whole_trail_is_zero() -> None:
    record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    assert run() == (0, "whole: 1 entries, nobody has witnessed it yet\n")
    call_command("audit", "witness", stdout=io.StringIO())
    assert run() == (0, "whole: 1 entries, the witness knows 1\n")


@pytest.mark.requirement("R41")
def test_a_database_that_was_rolled_back_is_noticed() -> None:
    record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    before = transaction.savepoint()
    for _ in range(2):
        record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    call_command("audit", "witness", stdout=io.StringIO())
    transaction.savepoint_rollback(before)
    status, line = run()
    assert status == 1
    assert line.startswith("BROKEN whole by itself with 1 entries, but the database was rolled back")
    with pytest.raises(SystemExit):
        call_command("audit", "witness", stdout=io.StringIO())


def test_a_broken_trail_is_one_and_says_where() -> None:
    for _ in range(3):
        record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    with without_triggers():
        Entry.objects.filter(seq=2).update(outcome="failed")
    assert run() == (1, "BROKEN after 1 entries: entry 2 was changed\n")


def test_other_words_are_refused() -> None:
    with pytest.raises(CommandError):
        call_command("audit", "repair")
