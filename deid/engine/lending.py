"""A file that stays with the cage while its child reads: stretches of it go over the pipe when they are asked for.

So an archive of gigabytes is unpacked behind the walls with little memory on both sides.
"""

import errno
import io
from collections.abc import Callable, Sequence
from typing import IO

from deid.engine import wire

STRETCH = 256 << 10
"""How many bytes the child asks for at once."""


class Lender:
    """The cage's end: lends `file`, and collects what the child unpacks, up to `most` bytes."""

    def __init__(self, file: IO[bytes], *, most: int = 0) -> None:
        self._file = file
        self._most = most
        self.taken = bytearray()

    def serve(self, frame: wire.Frame) -> Sequence[bytes] | None:
        """Return what a frame asks for, which may be nothing; None for a frame that is the answer.

        Raises Garbled for what no child may ask for, and what reading the file raises.
        """
        if "want" in frame.header:
            offset, length = wire.stretch(frame.header["want"])
            if length > STRETCH:
                raise wire.Garbled
            self._file.seek(offset)
            return [self._file.read(length)]
        if "piece" in frame.header:
            piece = wire.only_blob(frame)
            if len(self.taken) + len(piece) > self._most:
                raise wire.Garbled
            self.taken += piece
            return []
        return None


class Borrowed(io.RawIOBase):
    """The child's end: a seekable file of `size` bytes, whose stretches `want` fetches by offset and length."""

    def __init__(self, size: int, want: Callable[[int, int], bytes]) -> None:
        self._size = size
        self._want = want
        self._at = 0

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
        """Go to a place; raises OSError before the beginning, as files do."""
        place = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset
        if place < 0:
            raise OSError(errno.EINVAL, "a place before the beginning")
        self._at = place
        return place

    def readinto(self, buffer: "memoryview | bytearray", /) -> int:  # type: ignore[override] # any buffer in its stubs
        """Fill the buffer, with one stretch at most; return how many bytes came."""
        view = memoryview(buffer)
        length = min(len(view), STRETCH, max(0, self._size - self._at))
        data = self._want(self._at, length) if length else b""
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
