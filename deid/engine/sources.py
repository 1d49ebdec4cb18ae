"""Walks files, folders and ZIPs on disk and hands out one DICOM file at a time, without ever unpacking to disk."""

import errno
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from deid.engine import exports, headless
from deid.engine.errors import Rejected, RejectReason

MAX_BYTES = 1 << 30
MAX_ZIP_BYTES = 16 << 30
MAX_MEMBERS = 20_000
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1
_HEAD = 132


@dataclass(frozen=True, slots=True)
class Source:
    """One input: `name` is its path relative to what was asked for; `refused` says why it will not be read."""

    name: str
    path: Path
    member: str | None = None
    refused: RejectReason | None = None

    def read(self) -> bytes:
        """Return the bytes, of what does not begin as DICOM, JPEG, PNG or MP4 does only the first ones.

        Raises Rejected for what is too large, nested, locked or damaged, OSError from the disk.
        """
        if self.refused is not None:
            raise Rejected(self.refused)
        if self.member is not None:
            return _member(self.path, self.member)
        with self.path.open("rb") as stream:
            return _bytes(stream)


def walk(root: Path, *, leave_out: Path) -> Iterator[Source]:
    """Yield every input under `root` in a stable order, without those under `leave_out`; symbolic links in folders
    are not followed, and what cannot be read is an input that is refused.

    Raises OSError where `root` itself is missing, unreadable, or neither a file nor a folder.
    """
    if not root.is_dir():
        if not stat.S_ISREG(root.stat().st_mode):
            raise OSError(errno.EINVAL, "neither a file nor a folder")
        yield from _file(root, root.name, _start(root), inside=False)
        return
    os.scandir(root).close()
    closed: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=closed.append):
        folders.sort()
        folders[:] = [name for name in folders if os.path.realpath(Path(folder, name)) != str(leave_out)]
        for name in sorted(names):
            yield from _inside(Path(folder, name), Path(folder, name).relative_to(root).as_posix())
    for error in closed:
        path = Path(os.fsdecode(error.filename))
        yield Source(name=path.relative_to(root).as_posix(), path=path, refused=RejectReason.DAMAGED)


def _inside(path: Path, name: str) -> Iterator[Source]:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return
        start = _start(path)
    except OSError:
        # one file that cannot be opened is named in the report and does not stop the others
        yield Source(name=name, path=path, refused=RejectReason.DAMAGED)
        return
    yield from _file(path, name, start, inside=True)


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4)


def _file(path: Path, name: str, start: bytes, *, inside: bool) -> Iterator[Source]:
    if start not in _ZIP_STARTS:
        yield Source(name=name, path=path)
        return
    try:
        members = _members(path)
    except Rejected as refusal:
        yield Source(name=name, path=path, refused=refusal.reason)
        return
    for member, reason in members:
        shown = f"{name}/{member}" if inside else member
        yield Source(name=shown, path=path, member=member, refused=reason)


def _members(path: Path) -> list[tuple[str, RejectReason | None]]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise Rejected(RejectReason.ZIP_DAMAGED) from error
    if not entries:
        raise Rejected(RejectReason.ZIP_EMPTY)
    if len(entries) > MAX_MEMBERS or len({entry.filename for entry in entries}) < len(entries):
        raise Rejected(RejectReason.ZIP_TOO_MANY)
    if sum(entry.file_size for entry in entries) > MAX_ZIP_BYTES:
        raise Rejected(RejectReason.ZIP_TOO_LARGE)
    return [(entry.filename, _refusal(entry)) for entry in entries]


def _refusal(entry: zipfile.ZipInfo) -> RejectReason | None:
    parts = PurePosixPath(entry.filename.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in entry.filename:
        return RejectReason.ZIP_UNSAFE_NAME
    if entry.flag_bits & _ENCRYPTED:
        return RejectReason.ZIP_ENCRYPTED
    return RejectReason.TOO_LARGE if entry.file_size > MAX_BYTES else None


def _member(path: Path, member: str) -> bytes:
    """Read one member, at most as many bytes as it declares: a bomb that lies about its size is cut off."""
    state = path.stat()
    try:
        with _archive(path, state.st_mtime_ns, state.st_size).open(member) as stream:
            data = _bytes(stream)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Rejected(RejectReason.ZIP_DAMAGED) from error
    if data[:4] in _ZIP_STARTS:
        raise Rejected(RejectReason.ZIP_NESTED)
    return data


@lru_cache(maxsize=8)
def _archive(path: Path, _changed: int, _size: int) -> zipfile.ZipFile:
    """Keep an archive open from member to member: its index is read once; reading is safe between threads."""
    return zipfile.ZipFile(path)


def _bytes(stream: IO[bytes]) -> bytes:
    """Read up to the first bytes that no DICOM file has, so that neither a film nor a bomb is read for nothing."""
    head = stream.read(_HEAD)
    if not (headless.has_start(head) or headless.is_headless(head) or exports.is_export(head)):
        return head
    stream.seek(0)
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Rejected(RejectReason.TOO_LARGE)
    return data
