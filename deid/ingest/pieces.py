"""A delivery as one seekable file: its sealed pieces are opened one at a time, so memory stays flat."""

import io
from bisect import bisect_right
from typing import IO

from deid.models import Delivery
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.unsealing import SealedReader, open_sealed

BUFFER = 256 * 1024


class PiecesFile(io.RawIOBase):
    """Reads a whole delivery; every byte is authenticated before it is returned.

    Raises Missing where pieces are gone, and what `open_sealed` raises.
    """

    def __init__(self, delivery: Delivery) -> None:
        self._pieces = list(delivery.pieces.order_by("start"))
        self._starts = [piece.start for piece in self._pieces]
        self._size = delivery.size
        self._at = 0
        if sum(piece.size for piece in self._pieces) != delivery.size:
            raise Missing("pieces of a delivery are gone")
        self._opened: tuple[int, SealedReader] | None = None

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; raises ValueError before the beginning."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a place before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # type: ignore[override] # any buffer in its stubs
        """Fill the buffer up to the end of the piece that the place lies in; return how many bytes came."""
        view = memoryview(buffer)
        if self._at >= self._size or not view:
            return 0
        number = bisect_right(self._starts, self._at) - 1
        within = self._at - self._starts[number]
        reader = self._reader(number)
        stop = min(reader.size, within + len(view))
        filled = 0
        for data in reader.read_range(within, stop):
            view[filled : filled + len(data)] = data
            filled += len(data)
        self._at += filled
        return filled

    def _reader(self, number: int) -> SealedReader:
        if self._opened is None or self._opened[0] != number:
            self._opened = number, open_sealed(self._pieces[number].sealed_id)
        return self._opened[1]


def open_pieces(delivery: Delivery) -> IO[bytes]:
    """Return the whole of a delivery as a buffered, seekable file."""
    return io.BufferedReader(PiecesFile(delivery), BUFFER)
