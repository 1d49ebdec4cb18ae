"""Frames of an ultrasound instance as RGB pictures, one at a time, with the colours a viewer would show."""

import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_voi_lut
from pydicom.uid import UID, JPEGLossless, JPEGLosslessSV1

from deid.engine.errors import Held, HoldReason, Rejected, RejectReason

Pixels = npt.NDArray[np.uint8]

DEFAULT_RATE = 25.0
_RATES = (1.0, 120.0)
# frames of a film up to this many bytes are decoded once and kept; longer films are decoded anew on each walk
_KEEP_BYTES = 96 * 1024 * 1024
_GREYS = frozenset({"MONOCHROME1", "MONOCHROME2"})
_COLOURS = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"})
_LOSSLESS_JPEG = frozenset({JPEGLossless, JPEGLosslessSV1})
_DECODE_ERRORS = (
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """Size of a source in pixels and frames; `rate` is in frames per second."""

    rows: int
    columns: int
    count: int
    rate: float


class Frames:
    """The frames of one data set; iterating gives `uint8` arrays of shape (rows, columns, 3) in RGB.

    Overlay planes and bits above BitsStored are never drawn in (PS3.3 C.7.6.3.1.1). Walking raises Held(UNDECODABLE)
    where a frame is missing, has another size or cannot be decoded.
    """

    def __init__(self, dataset: Dataset, shape: Shape) -> None:
        self.shape = shape
        self.grey = str(dataset.PhotometricInterpretation) in _GREYS
        self._dataset = dataset
        self._syntax = UID(dataset.file_meta.TransferSyntaxUID)
        self._table = None if _samples(dataset) == 3 else _table(dataset, self._syntax)
        self._kept: tuple[Pixels, ...] | None = None

    def __len__(self) -> int:
        return self.shape.count

    def __iter__(self) -> Iterator[Pixels]:
        if self._kept is not None:
            yield from self._kept
            return
        kept: list[Pixels] | None = [] if self._fits else None
        for frame in self._decoded():
            frame.flags.writeable = False
            if kept is not None:
                kept.append(frame)
            yield frame
        if kept is not None:
            self._kept = tuple(kept)

    def spread(self, count: int) -> tuple[Pixels, ...]:
        """Return up to `count` frames spread over the film, the first one first; raises Held(UNDECODABLE)."""
        wanted = sorted({round(step) for step in np.linspace(0, self.shape.count - 1, count)})
        if self._fits or len(wanted) == self.shape.count:
            chosen = set(wanted)
            return tuple(frame for index, frame in enumerate(self) if index in chosen)
        return tuple(self._decoded(wanted))

    @property
    def _fits(self) -> bool:
        return self.shape.rows * self.shape.columns * 3 * self.shape.count <= _KEEP_BYTES

    def _decoded(self, indices: Sequence[int] | None = None) -> Iterator[Pixels]:
        expected = self.shape.count if indices is None else len(indices)
        count = 0
        raw = _raw_frames(self._dataset, self._syntax, indices)
        while True:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    values = next(raw)
                frame = self._as_rgb(values)
            except StopIteration:
                break
            except _DECODE_ERRORS as error:
                raise Held(HoldReason.UNDECODABLE) from error
            if frame.shape != (self.shape.rows, self.shape.columns, 3) or count == expected:
                raise Held(HoldReason.UNDECODABLE)
            count += 1
            yield frame
        if count != expected:
            raise Held(HoldReason.UNDECODABLE)

    def _as_rgb(self, values: npt.NDArray[np.generic]) -> Pixels:
        if self._table is None:
            if values.dtype != np.uint8:
                raise ValueError("colour samples have eight bits")
            return np.ascontiguousarray(values, dtype=np.uint8)
        stored = int(self._dataset.BitsStored)
        shift = int(self._dataset.get("HighBit", stored - 1)) + 1 - stored
        indices = (values.astype(np.int64) >> shift) & ((1 << stored) - 1)
        return np.ascontiguousarray(self._table[indices])


def open_frames(dataset: Dataset, *, max_pixels: int) -> Frames:
    """Return the frames of `dataset`, undecoded as yet.

    Raises Rejected(TOO_LARGE) past `max_pixels` (rows x columns x frames), Held(UNKNOWN_SYNTAX) for a transfer syntax
    without decoder, Held(UNSUPPORTED_COLOUR) for colours that are not known, Held(UNDECODABLE) for sizes that make no
    picture.
    """
    shape = _shape(dataset)
    if shape.rows * shape.columns * shape.count > max_pixels:
        raise Rejected(RejectReason.TOO_LARGE)
    syntax = UID(dataset.file_meta.TransferSyntaxUID)
    if syntax not in _LOSSLESS_JPEG:
        try:
            available = get_decoder(syntax).is_available
        except NotImplementedError as error:
            raise Held(HoldReason.UNKNOWN_SYNTAX) from error
        if not available:
            raise Held(HoldReason.UNKNOWN_SYNTAX)
    colour = str(dataset.get("PhotometricInterpretation", ""))
    expected = 3 if colour in _COLOURS else 1 if colour in _GREYS or colour == "PALETTE COLOR" else 0
    depth = int(dataset.get("BitsStored", 8))
    if expected == 0 or _samples(dataset) != expected or not 1 <= depth <= (8 if expected == 3 else 16):
        raise Held(HoldReason.UNSUPPORTED_COLOUR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Frames(dataset, shape)
    except _DECODE_ERRORS as error:
        raise Held(HoldReason.UNDECODABLE) from error


def frame_rate(dataset: Dataset) -> float:
    """Return the frames per second that the source asks for (PS3.3 C.7.6.5), 25 where it says nothing usable."""
    try:
        time = float(dataset.get("FrameTime", None) or 0)
        rates = [1000.0 / time if time > 0 else 0.0]
        rates += [float(dataset.get(name, None) or 0) for name in ("CineRate", "RecommendedDisplayFrameRate")]
    except (TypeError, ValueError):
        return DEFAULT_RATE
    return next((rate for rate in rates if _RATES[0] <= rate <= _RATES[1]), DEFAULT_RATE)


def _shape(dataset: Dataset) -> Shape:
    try:
        rows, columns = int(dataset.Rows), int(dataset.Columns)
        count = int(dataset.get("NumberOfFrames", None) or 1)
    except (AttributeError, TypeError, ValueError) as error:
        raise Held(HoldReason.UNDECODABLE) from error
    if rows < 1 or columns < 1 or count < 1:
        raise Held(HoldReason.UNDECODABLE)
    return Shape(rows=rows, columns=columns, count=count, rate=frame_rate(dataset))


def _samples(dataset: Dataset) -> int:
    return int(dataset.get("SamplesPerPixel", 1))


def _raw_frames(
    dataset: Dataset, syntax: UID, indices: Sequence[int] | None = None
) -> Iterator[npt.NDArray[np.generic]]:
    if syntax in _LOSSLESS_JPEG:
        count = int(dataset.get("NumberOfFrames", None) or 1)
        for index, coded in enumerate(generate_frames(dataset.PixelData, number_of_frames=count)):
            if indices is None or index in indices:
                yield _lossless_jpeg(coded, colour=str(dataset.PhotometricInterpretation))
        return
    # not raw: pydicom turns YBR into RGB here whatever the tag of the data set goes on saying
    for array, _ in get_decoder(syntax).iter_array(dataset, indices=indices, raw=False):
        yield array


def _lossless_jpeg(coded: bytes, *, colour: str) -> npt.NDArray[np.generic]:
    """Decode eight-bit lossless JPEG (PS3.5 A.4.2) with the libjpeg-turbo 3 that Pillow carries."""
    with Image.open(io.BytesIO(coded), formats=("JPEG",)) as image:
        if image.mode == "L":
            return np.asarray(image)
        if colour == "RGB" and "adobe_transform" not in image.info:
            # without a marker the decoder would take RGB for YBR: ask for the samples as they are
            image.draft("YCbCr", image.size)
            return np.asarray(image)
        return np.asarray(image.convert("RGB"))


def _table(dataset: Dataset, syntax: UID) -> Pixels:
    """Return the RGB value of each stored value, `uint8` (2 ** BitsStored, 3)."""
    stored = int(dataset.BitsStored)
    values = np.arange(1 << stored, dtype=np.uint16 if stored > 8 else np.uint8)
    if str(dataset.PhotometricInterpretation) == "PALETTE COLOR":
        return _eight_bits(apply_color_lut(values.reshape(1, -1), dataset)[0])
    signed = values.astype(np.int32)
    if int(dataset.get("PixelRepresentation", 0)) == 1:
        signed = np.where(signed >= 1 << (stored - 1), signed - (1 << stored), signed)
    greys = _windowed(signed, dataset) if "WindowWidth" in dataset else _stretched(signed, dataset, syntax)
    if str(dataset.PhotometricInterpretation) == "MONOCHROME1":
        greys = 255 - greys
    return np.repeat(greys.round().clip(0, 255).astype(np.uint8)[:, np.newaxis], 3, axis=1)


def _windowed(values: npt.NDArray[np.int32], dataset: Dataset) -> npt.NDArray[np.float64]:
    kind = np.int16 if values.min() < 0 else np.uint16
    shown = np.asarray(apply_voi_lut(values.astype(kind), dataset), dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    return (shown - low) * (255.0 / (high - low))


def _stretched(values: npt.NDArray[np.int32], dataset: Dataset, syntax: UID) -> npt.NDArray[np.float64]:
    """Eight bits stay as they are; deeper greys are spread over what the first frame uses."""
    low, high = float(values.min()), float(values.max())
    if int(dataset.BitsStored) > 8:
        first = next(_raw_frames(dataset, syntax))
        low, high = float(first.min()), max(float(first.max()), float(first.min()) + 1.0)
    return np.asarray((values - low) * (255.0 / (high - low)), dtype=np.float64)


def _eight_bits(colours: npt.NDArray[np.generic]) -> Pixels:
    wide = np.asarray(colours, dtype=np.uint16)
    # entries are scaled to 16 bits (PS3.3 C.7.6.3.1.5), but some devices store eight-bit values in them
    return np.ascontiguousarray(wide >> 8 if int(wide.max()) > 255 else wide, dtype=np.uint8)
