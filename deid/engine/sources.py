"""Walks files, folders and ZIPs on disk and hands out one DICOM file at a time, without ever unpacking to disk."""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from deid.engine.errors import Rejected, RejectReason

MAX_BYTES = 1 << 30
MAX_ZIP_BYTES = 16 << 30
MAX_MEMBERS = 20_000
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Source:
    """One input: `name` is its path relative to what was asked for; `refused` says why it will not be read."""

    name: str
    path: Path
    member: str | None = None
    refused: RejectReason | None = None

    def read(self) -> bytes:
        """Return the bytes; raises Rejected for what is too large, nested, locked or damaged, OSError from the disk."""
        if self.refused is not None:
            raise Rejected(self.refused)
        if self.member is None:
            if self.path.stat().st_size > MAX_BYTES:
                raise Rejected(RejectReason.TOO_LARGE)
            return self.path.read_bytes()
        return _member(self.path, self.member)


def walk(root: Path, *, leave_out: Path) -> Iterator[Source]:
    """Yield every input under `root` in a stable order, without those under `leave_out`; symbolic links in folders
    are not followed.
    """
    if root.is_dir():
        for folder, folders, names in os.walk(root):
            folders.sort()
            folders[:] = [name for name in folders if Path(folder, name).resolve() != leave_out]
            for name in sorted(names):
                path = Path(folder, name)
                if stat.S_ISREG(path.lstat().st_mode):
                    yield from _file(path, path.relative_to(root).as_posix(), inside=True)
    else:
        yield from _file(root, root.name, inside=False)


def _file(path: Path, name: str, *, inside: bool) -> Iterator[Source]:
    with path.open("rb") as stream:
        start = stream.read(4)
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
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            data = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise Rejected(RejectReason.ZIP_DAMAGED) from error
    if len(data) > MAX_BYTES:
        raise Rejected(RejectReason.TOO_LARGE)
    if data[:4] in _ZIP_STARTS:
        raise Rejected(RejectReason.ZIP_NESTED)
    return data
