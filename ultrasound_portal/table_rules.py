"""Rules that a table keeps by itself, as triggers written from one description for SQLite and for PostgreSQL.

An ordinary trigger of PostgreSQL is skipped where session_replication_role is replica, so each is ENABLE ALWAYS.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class Rule(NamedTuple):
    """A trigger that refuses `event` on `table` where `condition` holds; the condition is the same SQL for both."""

    name: str
    table: str
    event: str
    condition: str
    message: str


def changed(*columns: str) -> str:
    """Return the condition that one of the columns gets another value."""
    return "(" + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns) + ")"


def install(editor: BaseDatabaseSchemaEditor, rules: Iterable[Rule]) -> None:
    """Put the triggers of the rules in place."""
    write = _postgresql if editor.connection.vendor == "postgresql" else _sqlite
    for rule in rules:
        for statement in write(rule):
            editor.execute(statement, params=None)


def lift(editor: BaseDatabaseSchemaEditor, rules: Iterable[Rule]) -> None:
    """Take the triggers away, for a migration backwards."""
    for rule in rules:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {rule.name}() CASCADE", params=None)
        else:
            editor.execute(f"DROP TRIGGER {rule.name}", params=None)


def set_aside(editor: BaseDatabaseSchemaEditor) -> None:
    """Take every trigger away and keep it in a table of its own until `put_back`; on PostgreSQL nothing is needed.

    SQLite changes a table by building it anew: its own triggers would be lost, and one elsewhere that names it would
    stop the work.
    """
    if editor.connection.vendor == "sqlite":
        editor.execute(
            "CREATE TABLE triggers_set_aside AS SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", params=None
        )
        for name, _ in _aside(editor):
            editor.execute(f'DROP TRIGGER "{name}"', params=None)


def put_back(editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers back that `set_aside` took away."""
    if editor.connection.vendor == "sqlite":
        for _, sql in _aside(editor):
            editor.execute(sql, params=None)
        editor.execute("DROP TABLE triggers_set_aside", params=None)


def _aside(editor: BaseDatabaseSchemaEditor) -> list[tuple[str, str]]:
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM triggers_set_aside")
        return list(cursor.fetchall())


def _sqlite(rule: Rule) -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW WHEN {rule.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    )


def _postgresql(rule: Rule) -> Iterator[str]:
    yield (
        f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN "
        f"IF {rule.condition} THEN RAISE EXCEPTION '{rule.message}' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {'OLD' if rule.event == 'DELETE' else 'NEW'}; END $guard$"
    )
    yield f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} FOR EACH ROW EXECUTE FUNCTION {rule.name}()"
    yield f"ALTER TABLE {rule.table} ENABLE ALWAYS TRIGGER {rule.name}"
