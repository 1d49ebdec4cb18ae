"""The clean DICOM master: new pixels under a new header, with every attribute that describes them (PS3.3 C.7.6.3)."""

import io
from collections import deque
from collections.abc import Callable, Sequence
from typing import IO

import av
import numpy as np
import numpy.typing as npt
import pydicom
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.multival import MultiValue
from pydicom.uid import UID

from deid.engine import frames
from deid.engine.coding import coding_for
from deid.engine.errors import Held, HoldReason
from deid.engine.frames import Shape
from deid.engine.video_coding import VideoCoding

Pixels = npt.NDArray[np.uint8]

_FAULTS = (IndexError, OSError, RuntimeError, ValueError, av.FFmpegError)
# (7FE0,0010), OB, of undefined length; an item and the end of a sequence (PS3.5 7.1.2 and annex A.4), little endian
_PIXELS = b"\xe0\x7f\x10\x00OB\x00\x00"
_UNDEFINED = b"\xff\xff\xff\xff"
_ITEM = b"\xfe\xff\x00\xe0"
_END = b"\xfe\xff\xdd\xe0" + bytes(4)
# the defined terms of PS3.3 C.7.6.1.1.5.1, and the highest ratio that is believed
_METHODS = frozenset(
    {
        *("ISO_10918_1", "ISO_14495_1", "ISO_15444_1", "ISO_15444_15", "ISO_18181_1"),
        *("ISO_13818_2", "ISO_14496_10", "ISO_23008_2"),
    }
)
_STRONGEST = 1000.0


class Master:
    """Collects the cleaned frames of one instance, each coded as it comes."""

    def __init__(
        self, source: Dataset, shape: Shape, *, grey: bool, trial: Callable[[], Sequence[Pixels]] = tuple
    ) -> None:
        """Begin the master of a source; `trial` gives some of its frames, to find a coding that takes little room.

        Raises Held(RENDER_FAILED) where the source's own coding cannot be taken up, and Held(UNKNOWN_SYNTAX) for one
        stream that is larger than such may be written.
        """
        self._shape = shape
        self._grey = grey
        try:
            self._coding = coding_for(source, shape, grey=grey, trial=trial)
        except _FAULTS as error:
            raise Held(HoldReason.RENDER_FAILED) from error
        self._losses = _losses(source)
        self._taken = 0
        self._coded: deque[bytes] = deque()
        self._size = 0
        self._file = b""
        self._start = 0

    @property
    def syntax(self) -> UID:
        """Return the transfer syntax."""
        return self._coding.syntax

    @property
    def lossy(self) -> bool:
        """Return whether coding adds loss of its own."""
        return self._coding.method is not None

    def fitted(self, frame: Pixels) -> Pixels:
        """Return a cleaned frame in the colours that the master has: a palette's own, or any."""
        palette = self._coding.palette
        return frame if palette is None else palette.fitted(frame)

    def add(self, frame: Pixels) -> bytes:
        """Take one cleaned frame, `uint8` (rows, columns, 3), and return it coded; raises Held(RENDER_FAILED)."""
        if frame.shape != (self._shape.rows, self._shape.columns, 3) or self._taken == self._shape.count:
            raise Held(HoldReason.RENDER_FAILED)
        try:
            coded = self._coding.encode(np.ascontiguousarray(frame[:, :, 0] if self._grey else frame))
        except _FAULTS as error:
            raise Held(HoldReason.RENDER_FAILED) from error
        if self._coding.film is None:
            self._coded.append(coded)
        self._taken += 1
        self._size += len(coded)
        return coded

    def seen(self, coded: bytes) -> Pixels:
        """Decode a coded frame as any reader will, from what the header says of it; raises Held(RENDER_FAILED).

        Of one stream, where a frame is built on others, every frame must be asked for, right after it was added.
        """
        if self._coding.film is not None:
            try:
                return self._coding.film.decoded(coded)
            except _FAULTS as error:
                raise Held(HoldReason.RENDER_FAILED) from error
        label = Dataset()
        label.file_meta = FileMetaDataset()
        self._describe(label, 1)
        even = coded + bytes(len(coded) % 2)
        label.PixelData = encapsulate([coded]) if self.syntax.is_encapsulated else even
        try:
            (seen,) = frames.open_frames(label, max_pixels=self._shape.rows * self._shape.columns)
        except Held as held:
            raise Held(HoldReason.RENDER_FAILED) from held
        return seen

    def finish(self, header: Dataset) -> bytes:
        """Return the DICOM file of `header` (as `tags.deidentify` makes it) and the frames taken, which must be all.

        It may be called again for the same pixels under another header.
        """
        if self._taken != self._shape.count:
            raise Held(HoldReason.RENDER_FAILED)
        if not self._file and self._coding.film is not None:
            self._coded.append(self._finished(self._coding.film))
        self._describe(header, self._shape.count)
        self._record_loss(header)
        file = io.BytesIO()
        pydicom.dcmwrite(file, header, enforce_file_format=True)
        start = file.tell()
        if self._file:
            file.write(memoryview(self._file)[self._start :])
        else:
            self._write_pixels(file)
        self._start, self._file = start, file.getvalue()
        return self._file

    def _finished(self, film: VideoCoding) -> bytes:
        try:
            return film.finish()
        except _FAULTS as error:
            raise Held(HoldReason.RENDER_FAILED) from error

    def _record_loss(self, header: Dataset) -> None:
        """Append this step to what the source tells of lossy compression (PS3.3 C.7.6.1.1.5)."""
        steps = list(self._losses)
        if self._coding.method is not None:
            raw_size = self._shape.rows * self._shape.columns * self._shape.count * (1 if self._grey else 3)
            steps.append((raw_size / self._size, self._coding.method))
        if steps:
            header.LossyImageCompression = "01"
            header.LossyImageCompressionRatio = [f"{ratio:.2f}" for ratio, _ in steps]
            header.LossyImageCompressionMethod = [method for _, method in steps]

    def _write_pixels(self, file: IO[bytes]) -> None:
        """Write the last element of the file; each frame is let go as it is written."""
        if self.syntax.is_encapsulated:
            # the first item is a table of offsets, empty
            file.write(_PIXELS + _UNDEFINED + _ITEM + bytes(4))
            while self._coded:
                coded = self._coded.popleft()
                file.write(_ITEM + (len(coded) + len(coded) % 2).to_bytes(4, "little"))
                file.write(coded + bytes(len(coded) % 2))
            file.write(_END)
        else:
            file.write(_PIXELS + (self._size + self._size % 2).to_bytes(4, "little"))
            while self._coded:
                file.write(self._coded.popleft())
            file.write(bytes(self._size % 2))

    def _describe(self, header: Dataset, count: int) -> None:
        palette = self._coding.palette
        single = self._grey or palette is not None
        header.SamplesPerPixel = 1 if single else 3
        header.PhotometricInterpretation = self._coding.photometric
        if not single:
            header.PlanarConfiguration = self._coding.planar
        if palette is not None:
            palette.describe(header)
        header.Rows, header.Columns = self._shape.rows, self._shape.columns
        header.BitsAllocated, header.BitsStored, header.HighBit = 8, 8, 7
        header.PixelRepresentation = 0
        if count > 1:
            header.NumberOfFrames = count
        if self._coding.film is not None and "FrameTime" in header and "CineRate" not in header:
            header.CineRate = round(self._shape.rate)
        header.file_meta.TransferSyntaxUID = self.syntax


def _losses(source: Dataset) -> list[tuple[float, str]]:
    """Return the ratios and methods of the lossy steps that the source tells of, where they make sense."""
    ratios, methods = _many(source.get("LossyImageCompressionRatio")), _many(source.get("LossyImageCompressionMethod"))
    try:
        steps = [(float(ratio), method) for ratio, method in zip(ratios, methods, strict=True)]
    except ValueError:
        return []
    return steps if all(1 <= ratio <= _STRONGEST and method in _METHODS for ratio, method in steps) else []


def _many(value: object) -> list[str]:
    if value is None or value == "":
        return []
    return [str(part) for part in value] if isinstance(value, (list, MultiValue)) else [str(value)]
