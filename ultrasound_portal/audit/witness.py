"""A second copy of the trail outside the database, line by line, by which a database that was rolled back is noticed.

The lines are the canonical bytes of the entries (RFC 8785), which hold keys and never names. Kept on another disk or
shipped to another machine, the copy also says what was ended after a backup: see `sharing.services.restoring`.
"""

import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from ultrasound_portal import env
from ultrasound_portal.audit.canonical import canonical_bytes, leaf_hash
from ultrasound_portal.audit.models import Entry

logger = logging.getLogger(__name__)
AT_ONCE = 1000
_TAIL = 64 * 1024


class WitnessBroken(Exception):
    """The copy does not continue the trail, or is not whole; the text says where."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last entry that the copy holds: its number, 0 for none, and its hash."""

    seq: int
    leaf_hash: str


def path() -> Path:
    """Return where the copy lies: PORTAL_WITNESS, or a folder beside the database."""
    return env.witness_folder(settings.PORTAL_DATA) / "trail.jsonl"


def last() -> Last:
    """Return the last whole line of the copy; a line that a crash cut is not one."""
    try:
        with path().open("rb") as file:
            return _last(file)
    except FileNotFoundError:
        return Last(0, "")


def follow() -> int:
    """Copy what the trail has and the copy has not, and return how many entries; raises WitnessBroken.

    Where the trail ends before the copy does, or tells another story, nothing is written: that is what the copy is for.
    """
    with _locked() as file:
        known = _last(file)
        if known.seq and not Entry.objects.filter(pk=known.seq, leaf_hash=known.leaf_hash).exists():
            raise WitnessBroken(f"the witness knows entry {known.seq}, and the trail does not have it")
        file.truncate(_whole_size(file))
        file.seek(0, os.SEEK_END)
        written = 0
        fresh = Entry.objects.filter(seq__gt=known.seq).order_by("seq").iterator(chunk_size=AT_ONCE)
        for entry in fresh:
            file.write(canonical_bytes(entry) + b"\n")
            written += 1
        file.flush()
        os.fsync(file.fileno())
    return written


def follow_on_commit() -> None:
    """Copy the trail as soon as the transaction is committed, for what must survive a rolled-back database."""
    transaction.on_commit(follow_or_tell, robust=True)


def compare() -> tuple[Last, str]:
    """Return the copy's last entry and the first fault between copy and trail, empty where they agree."""
    known = Last(0, "")
    try:
        for some in _batches(entries()):
            known = Last(some[-1].seq, some[-1].leaf_hash)
            stored = Entry.objects.filter(pk__in=[entry.seq for entry in some]).values_list("seq", "leaf_hash")
            hashes = dict(stored)
            for entry in some:
                if hashes.get(entry.seq) != entry.leaf_hash:
                    return known, _difference(entry.seq, hashes)
    except WitnessBroken as broken:
        return known, str(broken)
    return known, ""


def entries(source: Path | None = None) -> Iterator[Entry]:
    """Yield the entries of a copy, unsaved, each checked to follow from the one before; raises WitnessBroken."""
    previous, expected = "", 1
    for entry in _parsed(source or path()):
        if entry.seq != expected or (previous and entry.prev_hash != previous):
            raise WitnessBroken(f"the witness is not whole at entry {expected}")
        previous, expected = entry.leaf_hash, expected + 1
        yield entry


def _batches(found: Iterator[Entry]) -> Iterator[list[Entry]]:
    while some := list(islice(found, AT_ONCE)):
        yield some


def _parsed(source: Path) -> Iterator[Entry]:
    try:
        file = source.open("rb")
    except FileNotFoundError:
        return
    with file:
        for line in file:
            if line.endswith(b"\n"):
                yield _entry(line)


def _entry(line: bytes) -> Entry:
    try:
        said: dict[str, Any] = json.loads(line)
        entry = Entry(
            **{
                **said,
                "at": datetime.fromisoformat(said["at"]),
                **{name: said[name] or None for name in ("clinic_id", "object_id", "patient_id", "grant_id")},
            }
        )
        entry.leaf_hash = leaf_hash(entry)
    except (ValueError, TypeError, KeyError):
        raise WitnessBroken("a line of the witness cannot be read") from None
    return entry


def _difference(seq: int, hashes: Iterable[int]) -> str:
    if seq in hashes:
        return f"entry {seq} is not the one that the witness knows"
    return f"the database was rolled back: the witness knows entry {seq}, and the trail ends before it"


@contextmanager
def _locked() -> Iterator[IO[bytes]]:
    """Open the copy for one writer at a time, in this and every other process."""
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path(), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _last(file: IO[bytes]) -> Last:
    size = _whole_size(file)
    start = max(0, size - _TAIL)
    file.seek(start)
    lines = file.read(size - start).splitlines()
    if not lines:
        return Last(0, "")
    entry = _entry(lines[-1])
    return Last(entry.seq, entry.leaf_hash)


def _whole_size(file: IO[bytes]) -> int:
    """Return the size without a last line that a crash cut."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _TAIL)
    file.seek(start)
    return start + file.read(size - start).rfind(b"\n") + 1


def follow_or_tell() -> None:
    """Copy the trail; a copy that cannot be written holds no act up, and the next look and the check find it."""
    try:
        follow()
    except (WitnessBroken, OSError) as fault:
        logger.error("the trail's witness could not follow (%s)", type(fault).__name__)
