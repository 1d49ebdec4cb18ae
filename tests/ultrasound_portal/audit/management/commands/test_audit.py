"""The command says in one line, and by its exit status, whether the trail is whole."""

import io

import pytest
from django.core.management import CommandError, call_command

from tests.triggers import without_triggers
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record

pytestmark = pytest.mark.django_db


def run() -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("audit", "verify", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_a_whole_trail_is_zero() -> None:
    record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    assert run() == (0, "whole: 1 entries\n")


def test_a_broken_trail_is_one_and_says_where() -> None:
    for _ in range(3):
        record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)
    with without_triggers():
        Entry.objects.filter(seq=2).update(outcome="failed")
    assert run() == (1, "BROKEN after 1 entries: entry 2 was changed\n")


def test_other_words_are_refused() -> None:
    with pytest.raises(CommandError):
        call_command("audit", "repair")
