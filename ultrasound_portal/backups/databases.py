"""The database as one file and back: SQLite by its own copy, PostgreSQL by pg_dump and pg_restore of one snapshot."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from ultrasound_portal.backups.errors import BackupRefused

NAMES = {"sqlite": "portal.sqlite3", "postgresql": "portal.dump"}


def dump(folder: Path) -> tuple[str, tuple[int, str]]:
    """Write the database into a folder and return the file's name with the trail's last number and hash in it."""
    name = NAMES[connection.vendor]
    if connection.vendor == "sqlite":
        return name, _dump_sqlite(folder / name)
    return name, _dump_postgresql(folder / name)


def load(file: Path, kind: str) -> None:
    """Put a dump into the empty database of the settings; raises BackupRefused."""
    if kind != connection.vendor:
        raise BackupRefused(f"This backup is of {kind}, and the settings name {connection.vendor}.")
    check_empty()
    if kind == "sqlite":
        _load_sqlite(file)
    else:
        _postgresql(
            "pg_restore", ["--single-transaction", "--exit-on-error", "--dbname", _parameters()["dbname"], str(file)]
        )


def check_empty() -> None:
    """Raise BackupRefused where the database holds any table: nothing is ever restored over something."""
    if connection.introspection.table_names():
        raise BackupRefused("The database is not empty. Restore into a new one; nothing is written over.")


def _dump_sqlite(target: Path) -> tuple[int, str]:
    """VACUUM INTO reads one snapshot while others write, and copies no free page with what was deleted."""
    source = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live:
        live.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)
    with closing(sqlite3.connect(target)) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupRefused("The copy of the database is not sound.")
        return _head(lambda statement: copy.execute(statement).fetchone())


def _load_sqlite(file: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    for left in (target, *(target.with_name(f"{target.name}{end}") for end in ("-wal", "-shm"))):
        left.unlink(missing_ok=True)  # an empty file that asking for tables has made
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}")
    shutil.copyfile(file, draft)
    draft.chmod(0o600)
    descriptor = os.open(draft, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    draft.replace(target)


def _dump_postgresql(target: Path) -> tuple[int, str]:
    """Take head and dump from one exported snapshot, so that the manifest tells of the very dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        options = ["--format=custom", f"--snapshot={snapshot}", "--file", str(target), _parameters()["dbname"]]
        _postgresql("pg_dump", options)

        def ask(statement: str) -> Any:  # Any: a row of the database
            cursor.execute(statement)
            return cursor.fetchone()

        head = _head(ask)
    target.chmod(0o600)
    return head


def _head(ask: Callable[[str], Any]) -> tuple[int, str]:
    row = ask("SELECT seq, leaf_hash FROM audit_head WHERE id = 1")
    return (int(row[0]), str(row[1])) if row else (0, "")


def _postgresql(program: str, options: Sequence[str]) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, never by the command line."""
    given = _parameters()
    known = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE"}
    environment = {variable: str(given[name]) for name, variable in known.items() if given.get(name)}
    done = subprocess.run(
        [_path_of(program), "--no-owner", "--no-privileges", *options],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,  # a fault of a row would quote the row
        check=False,
    )
    if done.returncode:
        raise BackupRefused(
            f"{program} ended with status {done.returncode}. Is the database there, with as new a program?"
        )


def _parameters() -> dict[str, Any]:
    return connection.get_connection_params()


def _path_of(program: str) -> str:
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise BackupRefused(f"{program} is not installed. It is in Debian's package postgresql-client.")
    return found
