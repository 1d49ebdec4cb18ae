"""Every act leaves one entry that nobody can change, take out, add to or reorder unseen."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError

from tests.triggers import without_triggers
from ultrasound_portal.audit.canonical import GENESIS, leaf_hash
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry, Head
from ultrasound_portal.audit.trail import Verdict, adopt, head, record, verify


def entries(count: int) -> list[Entry]:
    with transaction.atomic():
        return [
            record(Event.PICTURE_SERVED, actor="system:worker", clinic_id=uuid4(), detail={"number": number})
            for number in range(count)
        ]


@pytest.mark.django_db
def test_entries_are_numbered_and_chained() -> None:
    one, two, three = entries(3)
    assert [one.seq, two.seq, three.seq] == [1, 2, 3]
    assert one.prev_hash == GENESIS
    assert (two.prev_hash, three.prev_hash) == (one.leaf_hash, two.leaf_hash)
    assert Head.objects.get().seq == 3
    assert verify().whole


@pytest.mark.django_db
@pytest.mark.database
def test_everything_that_was_said_is_read_back() -> None:
    keys = {name: uuid4() for name in ("clinic_id", "object_id", "patient_id", "grant_id")}
    record(
        Event.GATE_REFUSED,
        actor=f"user:{uuid4()}",
        object_kind="artefact",
        purpose="family",
        outcome="refused",
        detail={"reason": "withdrawn", "count": 2**53 - 1, "again": True},
        **keys,
    )
    entry = Entry.objects.get()
    assert {name: getattr(entry, name) for name in keys} == keys
    assert entry.detail == {"reason": "withdrawn", "count": 2**53 - 1, "again": True}
    assert leaf_hash(entry) == entry.leaf_hash
    assert verify() == verify().__class__(whole=True, entries=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_it_must_be_called_in_the_transaction_of_the_act() -> None:
    with pytest.raises(TransactionManagementError):
        record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_a_rolled_back_act_leaves_no_entry_and_no_gap() -> None:
    entries(1)
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the block is what is rolled back
        entries(2)
        raise RuntimeError
    assert entries(1)[0].seq == 2
    assert verify().whole


@pytest.mark.django_db
@pytest.mark.parametrize(
    "odd",
    [
        {"outcome": "perhaps"},
        {"detail": {"text": "x" * 201}},
        {"detail": {"number": 1.5}},
        {"detail": {"list": ["a"]}},
        {"detail": {"none": None}},
        {"detail": {"big": 2**53}},
        {"detail": {1: "a"}},
        {"actor": "Anna Testwoman"},
        {"actor": "user:anna"},
        {"actor": "system:"},
        {"event": "anything"},
    ],
    ids=str,
)
def test_what_must_not_be_written_is_refused(odd: dict[str, object]) -> None:
    call = {"event": Event.AUDIT_READ, "actor": "system:worker", "clinic_id": None, **odd}
    with pytest.raises((ValueError, TypeError)):
        record(call.pop("event"), **call)
    assert not Entry.objects.exists()


def forge(seq: int, **fields: object) -> Entry:
    """Return a well-hashed entry that was never recorded."""
    entry = Entry.objects.get(seq=2)
    entry.seq = seq
    for name, value in fields.items():
        setattr(entry, name, value)
    entry.leaf_hash = leaf_hash(entry)
    return entry


def swap(one: int, other: int) -> None:
    for old, new in ((one, 100), (other, one), (100, other)):
        Entry.objects.filter(seq=old).update(seq=new)


def insert_between() -> None:
    for seq in (5, 4, 3):
        Entry.objects.filter(seq=seq).update(seq=F("seq") + 1)
    forge(3, actor="system:forger").save(force_insert=True)
    Head.objects.update(seq=6)


TAMPERINGS: dict[str, Callable[[], object]] = {
    "edit": lambda: Entry.objects.filter(seq=3).update(actor="system:other"),
    "edit the detail": lambda: Entry.objects.filter(seq=3).update(detail={"number": 99}),
    "detail that cannot be hashed": lambda: Entry.objects.filter(seq=3).update(detail={"number": 2**70}),
    "edit and hash again": lambda: forge(3, actor="system:other").save(force_update=True),
    "delete the first": lambda: Entry.objects.filter(seq=1).delete(),
    "delete one": lambda: Entry.objects.filter(seq=3).delete(),
    "delete all": lambda: Entry.objects.all().delete(),
    "cut the tail": lambda: Entry.objects.filter(seq__gt=3).delete(),
    "insert between": insert_between,
    "add at the end": lambda: forge(6, prev_hash=Entry.objects.get(seq=5).leaf_hash).save(force_insert=True),
    "reorder": lambda: swap(2, 4),
    "move the head": lambda: Head.objects.update(seq=4),
    "change the head": lambda: Head.objects.update(leaf_hash="0" * 64),
    "remove the head": lambda: Head.objects.all().delete(),
}


@pytest.mark.django_db
@pytest.mark.database
@pytest.mark.requirement("R41")
@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=TAMPERINGS)
def test_tampering_behind_lifted_guards_is_seen(tamper: Callable[[], object]) -> None:
    entries(5)
    assert verify().whole
    with without_triggers():
        tamper()
        verdict = verify()
    assert not verdict.whole
    assert verdict.fault


@pytest.mark.django_db
def test_an_empty_trail_is_whole() -> None:
    assert verify().whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_many_writers_at_once_leave_no_gap() -> None:
    faults: list[DatabaseError] = []

    def write() -> None:
        try:
            for _ in range(5):
                entries(1)
        except DatabaseError as fault:
            faults.append(fault)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    assert verify().entries == 20
    assert verify().whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_after_the_tables_are_emptied_the_guards_are_back() -> None:
    entries(1)
    with without_triggers():
        call_command("flush", interactive=False, verbosity=0)
    entries(1)
    with pytest.raises(DatabaseError):
        Entry.objects.all().delete()


@pytest.mark.django_db
def test_lost_entries_are_adopted_only_where_they_follow() -> None:
    kept = entries(3)
    assert head() == (3, kept[2].leaf_hash)
    with without_triggers():
        Entry.objects.filter(seq__gt=1).delete()
        Head.objects.update(seq=1, leaf_hash=kept[0].leaf_hash)
    with pytest.raises(ValueError, match="entry 2 is missing"):
        adopt(kept[2])
    honest = kept[1].outcome
    kept[1].outcome = "failed"
    with pytest.raises(ValueError, match="entry 2 was changed"):
        adopt(kept[1])
    kept[1].outcome = honest
    for entry in kept[1:]:
        adopt(entry)
    assert verify() == Verdict(whole=True, entries=3)
