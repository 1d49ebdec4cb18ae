"""Members of an uploaded ZIP, one at a time; the archive's index and its members are read in the caged child."""

import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, TypeVar

from deid.engine import cage
from deid.engine.archives import Limits
from deid.engine.errors import CageBroken, Rejected, RejectReason

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Member:
    """One member: its bytes, or the reason it was refused, or neither where it is left out without harm."""

    data: bytes | None = None
    refusal: RejectReason | None = None


def members(file: IO[bytes], limits: Limits, *, start: int = 0, unpacked: int = 0) -> Iterator[Member]:
    """Yield every member of the archive from number `start` on; a bad one never costs a good one.

    Folders and a disc's index are left out. Raises Rejected where the archive as a whole cannot be taken: damaged,
    empty or with too many members; after the total, in which `unpacked` bytes are counted already, is over the limit
    one last refusal is yielded and the rest is not read. Raises what reading the file raises.
    """
    size, key = file.seek(0, io.SEEK_END), uuid.uuid4().hex
    count = _asked(lambda: cage.shared().open_archive(file, size, limits, key=key))
    left = limits.total_bytes - unpacked
    for number in range(start, count):
        member = _member(file, size, limits, key=key, number=number, left=left)
        yield member
        if member.refusal is RejectReason.ZIP_TOO_LARGE:
            return
        left -= len(member.data or b"")


def _member(file: IO[bytes], size: int, limits: Limits, *, key: str, number: int, left: int) -> Member:
    try:
        return Member(_asked(lambda: cage.shared().unpack(file, size, limits, key=key, number=number, left=left)))
    except Rejected as refusal:
        return Member(refusal=refusal.reason)


def _asked(ask: Callable[[], Answer]) -> Answer:
    """Ask twice before an archive is blamed: a child may be killed for want of memory."""
    for _ in range(2):
        try:
            return ask()
        except CageBroken:
            continue
    raise Rejected(RejectReason.ZIP_DAMAGED)
