"""Members of a ZIP, one at a time, counted as they are unpacked; its own claims are not believed."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from deid.engine.errors import Rejected, RejectReason

CHUNK = 1 << 20
MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
DICOM_AT = 128
RATIO_FLOOR = 10 * CHUNK
FLAG_ENCRYPTED = 0x1
INDEX_ENTRY = 1024
"""Bytes of the archive's index for each member that it may have; a longer index is refused before it is read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one ZIP may hold: members, bytes of one, bytes of all, and growth against the packed size."""

    members: int = 5_000
    member_bytes: int = 1 << 30
    total_bytes: int = 4 << 30
    ratio: int = 250


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its bytes, or the reason it was refused, or neither where it is left out without harm."""

    data: bytes | None = None
    refusal: RejectReason | None = None


class _Bounded(io.RawIOBase):
    """The archive's file, of which no more than `limit` bytes are read at once: an index alone can hold millions."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file = file
        self._limit = limit

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int = -1) -> bytes:
        if size > self._limit:
            raise Rejected(RejectReason.ZIP_TOO_MANY)
        return self._file.read(size)


def is_zip(head: bytes) -> bool:
    """Say whether a file that begins with `head` (132 bytes) is a ZIP and not DICOM with an odd preamble."""
    return head.startswith(MAGIC) and head[DICOM_AT : DICOM_AT + 4] != b"DICM"


def members(file: IO[bytes], limits: Limits, *, start: int = 0, unpacked: int = 0) -> Iterator[Member]:
    """Yield every member of the archive from number `start` on; a bad one never costs a good one.

    Names are read only to refuse those that point outside. Folders and a disc's index are left out. Raises
    Rejected where the archive as a whole cannot be taken: damaged, empty or with too many members; after the
    total, in which `unpacked` bytes are counted already, is over the limit one last refusal is yielded and the rest
    is not read.
    """
    try:
        archive = zipfile.ZipFile(_Bounded(file, limits.members * INDEX_ENTRY))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as fault:
        raise Rejected(RejectReason.ZIP_DAMAGED) from fault
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if not entries:
            raise Rejected(RejectReason.ZIP_EMPTY)
        if len(entries) > limits.members:
            raise Rejected(RejectReason.ZIP_TOO_MANY)
        left = limits.total_bytes - unpacked
        for entry in entries[start:]:
            member = _member(archive, entry, limits, left)
            yield member
            if member.refusal is RejectReason.ZIP_TOO_LARGE:
                return
            left -= len(member.data or b"")


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, left: int) -> Member:
    if _points_outside(entry.orig_filename):
        return Member(refusal=RejectReason.ZIP_UNSAFE_NAME)
    if _last_part(entry.filename).upper() == "DICOMDIR":
        return Member()
    if entry.flag_bits & FLAG_ENCRYPTED:
        return Member(refusal=RejectReason.ZIP_ENCRYPTED)
    try:
        data = _unpack(archive, entry, limits, left)
    except Rejected as refusal:
        return Member(refusal=refusal.reason)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        return Member(refusal=RejectReason.ZIP_DAMAGED)
    return Member(refusal=RejectReason.ZIP_NESTED) if is_zip(data) else Member(data=data)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, left: int) -> bytes:
    ceiling = max(entry.compress_size * limits.ratio, RATIO_FLOOR)
    data = bytearray()
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            data += chunk
            if len(data) > min(left, ceiling):
                raise Rejected(RejectReason.ZIP_TOO_LARGE)
            if len(data) > limits.member_bytes:
                raise Rejected(RejectReason.TOO_LARGE)
    return bytes(data)


def _points_outside(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/") or "\x00" in plain


def _last_part(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]
