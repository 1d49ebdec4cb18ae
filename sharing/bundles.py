"""Several files as one ZIP (APPNOTE 6.3.10, stored) that is written while it is sent: no disk, no whole file in memory.

Every piece is fetched by a callable that asks the guard anew, so a ZIP under way ends with a withdrawal.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from django.http import HttpResponseBase, StreamingHttpResponse

from sharing.streaming import HEADERS, PIECE, Body

Fetch = Callable[[int, int], bytes]

_NO_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the ZIP: how it is called and how its bytes `start` to `stop` are fetched, at first and later."""

    body: Body
    begin: Fetch
    go_on: Fetch


def answer(name: str, members: Iterable[Member]) -> HttpResponseBase:
    """Answer with a ZIP called `name`; the first piece is fetched before anything is promised."""
    pieces = _pieces(members)
    first = next(pieces, b"")
    response = StreamingHttpResponse(_after(first, pieces))
    for header, value in HEADERS.items():
        response[header] = value
    del response["Accept-Ranges"]
    response["Content-Type"] = "application/zip"
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def _after(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _pieces(members: Iterable[Member]) -> Iterator[bytes]:
    """Yield the ZIP in pieces; it holds no time, no owner and no place of the files (APPNOTE 4.4)."""
    sink = _Sink()
    with zipfile.ZipFile(cast(IO[bytes], sink), "w", zipfile.ZIP_STORED) as bundle:
        for member in members:
            entry = zipfile.ZipInfo(member.body.file_name, _NO_DATE)
            entry.file_size = member.body.size
            with bundle.open(entry, "w") as file:
                for start in range(0, member.body.size, PIECE):
                    fetch = member.begin if start == 0 else member.go_on
                    file.write(fetch(start, min(start + PIECE, member.body.size)))
                    yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Takes what the ZIP's writer writes and gives it away once; it cannot be sought in."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:  # Any: whatever holds bytes
        self._held += data
        return memoryview(data).nbytes

    def taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data
