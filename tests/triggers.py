"""Lifts the database's own guards while a test database is emptied, and puts each back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRESQL = """
    SELECT tgrelid::regclass::text, quote_ident(tgname), tgenabled::text
    FROM pg_trigger WHERE NOT tgisinternal
"""
STATES = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA", "D": "DISABLE"}


@contextmanager
def without_triggers() -> Iterator[None]:
    """Run the block without triggers."""
    lift, restore = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    _execute(lift)
    try:
        yield
    finally:
        _execute(restore)


def _sqlite() -> tuple[list[str], list[str]]:
    triggers = _rows(SQLITE)
    return [f'DROP TRIGGER "{name}"' for name, _ in triggers], [sql for _, sql in triggers]


def _postgresql() -> tuple[list[str], list[str]]:
    triggers = _rows(POSTGRESQL)
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name, _ in triggers],
        [f"ALTER TABLE {table} {STATES[state]} TRIGGER {name}" for table, name, state in triggers],
    )


def _rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
