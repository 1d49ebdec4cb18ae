"""What a folder of results holds: a journal of finished inputs, so that an interrupted run goes on where it was.

The journal names inputs by the digest of their bytes only; no path and nothing of a header stands in it.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from deid.engine import durable

_FOLDER = ".engine"
_RESULT = re.compile(r"\d{4,}\.(?:dcm|png|mp4)")
_SUFFIXES = ("dcm", "png", "mp4")
_SECRET_BYTES = 32


class LedgerBusy(Exception):
    """Another run is at work on the folder."""


class ForeignResults(Exception):
    """The folder holds files that are named like results, and no journal that knows them."""


@dataclass(frozen=True, slots=True)
class Finished:
    """One finished input.

    `content` is the SHA-256 of its bytes and `setting` the digest of all else that decided the result; `findings` is
    what the report says of it, `sizes` are its files with their bytes, `attempt` tells its parts from another's.
    """

    number: int
    content: str
    setting: str
    attempt: str
    findings: Mapping[str, Any]
    sizes: Mapping[str, int]

    def __post_init__(self) -> None:
        if not set(self.sizes) <= {f"{self.number:04d}.{suffix}" for suffix in _SUFFIXES}:
            raise ValueError("a result has the names of its number")


class Ledger:
    """The journal, the lock and the unfinished parts of one folder of results; use as a context manager.

    Parts are written under other names and flushed to the disk; then a line of the journal says that the result is
    whole; only then do the parts get their names. Whenever the power goes, the next opening finishes or forgets them.
    Safe to share between threads.
    """

    def __init__(self, folder: Path, *, places: int) -> None:
        """Lock `folder`, which exists; numbers up to `places` are for the inputs in their order.

        Raises LedgerBusy, ForeignResults or OSError.
        """
        self._results = folder
        self._own = folder / _FOLDER
        self._guard = threading.Lock()
        if not self._own.exists() and any(_RESULT.fullmatch(path.name) for path in folder.iterdir()):
            raise ForeignResults
        self._own.mkdir(mode=0o700, exist_ok=True)
        self._lock = _locked(self._own / "lock")
        self._journal = os.open(self._own / "journal.jsonl", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._records, self._end = _read(self._journal)
        self._numbers: defaultdict[str, list[int]] = defaultdict(list)
        for number, record in self._records.items():
            self._numbers[record.content].append(number)
        self._fresh = max([places, *self._records])
        self._claimed: set[int] = set()
        self._recover()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._journal)
        os.close(self._lock)

    def secret(self) -> bytes:
        """Return the secret of a run that was not finished, or make one for this run and those that go on with it."""
        path = self._own / "secret"
        if path.exists() and len(kept := path.read_bytes()) == _SECRET_BYTES:
            return kept
        path.unlink(missing_ok=True)
        made = secrets.token_bytes(_SECRET_BYTES)
        durable.write(path, made, mode=0o600)
        durable.flush(self._own)
        return made

    def forget_secret(self) -> None:
        """Remove the secret: then nothing in the folder tells whether a guessed name belongs to a pseudonym."""
        (self._own / "secret").unlink(missing_ok=True)

    def claim(self, place: int, *, content: str, setting: str) -> tuple[int, Finished | None]:
        """Return the number of the input at `place` (from 1), and its result where a whole one lies in the folder.

        An input keeps the number of its content; without one it gets its place's, or a fresh one where that is taken.
        """
        with self._guard:
            number = self._number(place, content)
            self._claimed.add(number)
            known = self._records.get(number)
        whole = known is not None and known.setting == setting and self._whole(known)
        return number, known if whole else None

    def keep(
        self, number: int, *, content: str, setting: str, findings: Mapping[str, Any], files: Mapping[str, bytes]
    ) -> None:
        """Put the files of a result in their place, durably, and remove what an older result of that number had.

        Raises OSError; nothing half-written stands among the results then.
        """
        sizes = {name: len(data) for name, data in files.items()}
        record = Finished(number, content, setting, secrets.token_hex(8), findings, sizes)
        try:
            for name, data in files.items():
                durable.write(self._part(record, name), data)
            durable.flush(self._own)
            self._append(record)
        except OSError:
            for name in files:
                self._part(record, name).unlink(missing_ok=True)
            raise
        self._publish(record, list(files))

    def strangers(self) -> int:
        """Return how many results in the folder belong to inputs that were not claimed."""
        return sum(bool(record.sizes) for number, record in self._records.items() if number not in self._claimed)

    def _number(self, place: int, content: str) -> int:
        for number in self._numbers[content]:
            if number not in self._claimed:
                return number
        number = place
        if place in self._records or place in self._claimed:
            self._fresh += 1
            number = self._fresh
        self._numbers[content].append(number)
        return number

    def _whole(self, record: Finished) -> bool:
        return all(_size(self._results / name) == size for name, size in record.sizes.items())

    def _append(self, record: Finished) -> None:
        line = json.dumps(asdict(record)).encode("ascii") + b"\n"
        with self._guard:
            try:
                durable.write_at(self._journal, line, self._end)
            except OSError:
                os.ftruncate(self._journal, self._end)
                raise
            self._end += len(line)
            self._records[record.number] = record

    def _publish(self, record: Finished, names: list[str]) -> None:
        for name in names:
            os.replace(self._part(record, name), self._results / name)
        for suffix in _SUFFIXES:
            if (name := f"{record.number:04d}.{suffix}") not in record.sizes:
                (self._results / name).unlink(missing_ok=True)

    def _recover(self) -> None:
        """Give their names to the parts of whole results, and remove those of others."""
        os.ftruncate(self._journal, self._end)
        parts = {path for path in self._own.iterdir() if path.suffix == ".part"}
        for record in self._records.values():
            self._publish(record, [name for name in record.sizes if self._part(record, name) in parts])
        for path in parts:
            path.unlink(missing_ok=True)

    def _part(self, record: Finished, name: str) -> Path:
        return self._own / f"{record.attempt}-{name}.part"


def _locked(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise LedgerBusy from None
    return handle


def _read(journal: int) -> tuple[dict[int, Finished], int]:
    """Return the last record of each number, and where the sound part of the journal ends."""
    records: dict[int, Finished] = {}
    end = 0
    with open(journal, "rb", closefd=False) as stream:
        for line in stream:
            try:
                record = Finished(**json.loads(line))
            except (TypeError, ValueError):
                break
            if not line.endswith(b"\n"):
                break
            records[record.number] = record
            end += len(line)
    return records, end


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def content_of(data: bytes) -> str:
    """Return the name by which the journal knows an input."""
    return hashlib.sha256(data).hexdigest()
