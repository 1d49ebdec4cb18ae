"""The database itself lets the trail grow and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from ultrasound_portal.audit import guards
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry, Head
from ultrasound_portal.audit.trail import record

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.requirement("R41")]


@pytest.fixture(autouse=True)
def two_entries() -> None:
    for _ in range(2):
        record(Event.AUDIT_READ, actor="system:worker", clinic_id=None)


ATTACKS: dict[str, Callable[[], object]] = {
    "edit an entry": lambda: Entry.objects.filter(seq=1).update(actor="system:other"),
    "save an entry again": lambda: Entry.objects.get(seq=1).save(),
    "remove an entry": lambda: Entry.objects.filter(seq=2).delete(),
    "move the head back": lambda: Head.objects.update(seq=1),
    "move the head far": lambda: Head.objects.update(seq=9),
    "remove the head": lambda: Head.objects.all().delete(),
    "a second entry of a number": lambda: Entry.objects.bulk_create([Entry.objects.get(seq=1)]),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_every_change_is_refused(attack: Callable[[], object]) -> None:
    before = list(Entry.objects.order_by("seq").values()), list(Head.objects.values())
    with pytest.raises(DatabaseError), transaction.atomic():
        attack()
    assert (list(Entry.objects.order_by("seq").values()), list(Head.objects.values())) == before


@pytest.mark.parametrize("table", ["audit_entry", "audit_head"])
def test_the_short_ways_are_refused_too(table: str) -> None:
    """SQLite's REPLACE and PostgreSQL's TRUNCATE and replication role go around ordinary guards."""
    statements = {
        "sqlite": [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"],
        "postgresql": [
            f"TRUNCATE {table}",
            f"SET LOCAL session_replication_role = replica; DELETE FROM {table}",
        ],
    }
    for statement in statements[connection.vendor]:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class Statements:
    """Runs statements as a migration does; SQLite's own editor refuses to begin inside a test's transaction."""

    def __init__(self) -> None:
        self.connection = connection

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def test_lifting_and_installing_undo_each_other() -> None:
    editor = Statements()
    guards.lift(None, editor)
    Entry.objects.filter(seq=1).update(actor="system:another")
    guards.install(None, editor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(seq=1).update(actor="system:third")


def test_the_migration_runs_these_guards() -> None:
    migration = Path(guards.__file__).parent / "migrations" / "0002_append_only.py"
    assert "RunPython(guards.install, guards.lift)" in migration.read_text()
