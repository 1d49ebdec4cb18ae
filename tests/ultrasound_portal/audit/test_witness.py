"""The copy of the trail outside the database follows it, tells a rolled-back one, and is never written over."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from tests.triggers import without_triggers
from ultrasound_portal.audit import witness
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record
from ultrasound_portal.audit.witness import Last, WitnessBroken

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R41")]


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "witness"


def act(number: int = 1, event: Event = Event.AUDIT_READ) -> None:
    for _ in range(number):
        record(event, actor="system:worker", clinic_id=uuid4(), detail={"reason": "größe", "n": 3, "yes": True})


def test_it_holds_the_very_entries(folder: Path) -> None:
    assert (witness.follow(), witness.last()) == (0, Last(0, ""))
    act(3)
    assert (witness.follow(), witness.follow()) == (3, 0)
    act()
    assert witness.follow() == 1
    stored = list(Entry.objects.order_by("seq"))
    kept = list(witness.entries())
    assert [entry.leaf_hash for entry in kept] == [entry.leaf_hash for entry in stored]
    assert [(entry.at, entry.detail, str(entry.clinic_id)) for entry in kept] == [
        (entry.at, entry.detail, str(entry.clinic_id)) for entry in stored
    ]
    assert witness.last() == Last(4, stored[-1].leaf_hash)
    assert witness.compare() == (Last(4, stored[-1].leaf_hash), "")
    assert (folder / "trail.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_trail_that_goes_on_past_its_witness_is_no_fault() -> None:
    act()
    witness.follow()
    act(2)
    assert witness.compare()[1] == ""


def test_a_rolled_back_database_is_told_and_the_witness_stays_as_it_is(folder: Path) -> None:
    act()
    before = transaction.savepoint()
    act(2)
    witness.follow()
    content = (folder / "trail.jsonl").read_bytes()
    transaction.savepoint_rollback(before)
    assert "rolled back" in witness.compare()[1]
    act(5)
    assert "not the one" in witness.compare()[1]
    with pytest.raises(WitnessBroken):
        witness.follow()
    assert (folder / "trail.jsonl").read_bytes() == content


def test_a_line_that_a_crash_cut_is_written_again(folder: Path) -> None:
    act(2)
    witness.follow()
    file = folder / "trail.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    assert witness.last().seq == 1
    assert [entry.seq for entry in witness.entries()] == [1]
    assert witness.follow() == 1
    assert witness.compare()[1] == ""


@pytest.mark.parametrize("change", ["content", "missing", "nonsense"])
def test_a_witness_that_was_changed_is_told(folder: Path, change: str) -> None:
    act(3)
    witness.follow()
    file = folder / "trail.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    if change == "content":
        said = json.loads(lines[1])
        lines[1] = json.dumps({**said, "outcome": "failed"}).encode() + b"\n"
    elif change == "missing":
        del lines[1]
    else:
        lines[1] = b"nonsense\n"
    file.write_bytes(b"".join(lines))
    assert witness.compare()[1] != ""


def test_a_rewritten_trail_that_is_whole_by_itself_is_told() -> None:
    act(2)
    witness.follow()
    with without_triggers():
        Entry.objects.filter(seq=2).update(leaf_hash="0" * 64)
    assert "not the one" in witness.compare()[1]


@pytest.mark.django_db(transaction=True)
def test_what_ends_something_is_witnessed_with_its_commit(folder: Path) -> None:
    with transaction.atomic():
        act()
    assert witness.last().seq == 0
    with transaction.atomic():
        act(event=Event.CONSENT_WITHDRAWN)
    assert witness.last().seq == 2


@pytest.mark.django_db(transaction=True)
def test_a_witness_that_cannot_be_written_holds_no_withdrawal_up(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.parent.joinpath("witness").write_bytes(b"a file where a folder should be")
    with transaction.atomic():
        act(event=Event.CONSENT_WITHDRAWN)
    assert Entry.objects.count() == 1
    assert "could not follow" in caplog.text
