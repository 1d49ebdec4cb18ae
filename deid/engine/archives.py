"""Members of a ZIP, one at a time, counted as they are unpacked; its own claims are not believed."""

import io
import zipfile
import zlib
from collections.abc import Callable
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


class Archive:
    """An opened ZIP; folders do not count as members.

    Raises Rejected where it cannot be taken as a whole: damaged, empty or with too many members.
    """

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(_Bounded(file, limits.members * INDEX_ENTRY))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as fault:
            raise Rejected(RejectReason.ZIP_DAMAGED) from fault
        self._entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        if not self._entries:
            raise Rejected(RejectReason.ZIP_EMPTY)
        if len(self._entries) > limits.members:
            raise Rejected(RejectReason.ZIP_TOO_MANY)

    def __len__(self) -> int:
        return len(self._entries)

    def unpack(self, number: int, *, left: int, write: Callable[[bytes], None]) -> bool:
        """Give the bytes of a member to `write`, piece by piece; False where it is a disc's index, which is left out.

        Names are read only to refuse those that point outside. `left` bytes may still come out of the whole archive.
        Raises Rejected, after which what was written is worth nothing.
        """
        entry = self._entries[number]
        if _points_outside(entry.orig_filename):
            raise Rejected(RejectReason.ZIP_UNSAFE_NAME)
        if _last_part(entry.filename).upper() == "DICOMDIR":
            return False
        if entry.flag_bits & FLAG_ENCRYPTED:
            raise Rejected(RejectReason.ZIP_ENCRYPTED)
        try:
            self._inflate(entry, left=left, write=write)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as fault:
            raise Rejected(RejectReason.ZIP_DAMAGED) from fault
        return True

    def _inflate(self, entry: zipfile.ZipInfo, *, left: int, write: Callable[[bytes], None]) -> None:
        ceiling = min(left, max(entry.compress_size * self._limits.ratio, RATIO_FLOOR))
        size = 0
        with self._zip.open(entry) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                if size == len(piece) and is_zip(piece):
                    raise Rejected(RejectReason.ZIP_NESTED)
                if size > ceiling:
                    raise Rejected(RejectReason.ZIP_TOO_LARGE)
                if size > self._limits.member_bytes:
                    raise Rejected(RejectReason.TOO_LARGE)
                write(piece)


def is_zip(head: bytes) -> bool:
    """Say whether a file that begins with `head` (132 bytes) is a ZIP and not DICOM with an odd preamble."""
    return head.startswith(MAGIC) and head[DICOM_AT : DICOM_AT + 4] != b"DICM"


def _points_outside(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/") or "\x00" in plain


def _last_part(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]
