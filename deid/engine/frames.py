"""Frames of an ultrasound instance as RGB pictures, one at a time, with the colours a viewer would show."""

import io
import struct
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_voi_lut
from pydicom.uid import UID, JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1

from deid.engine import video
from deid.engine.errors import Held, HoldReason, Rejected, RejectReason

Pixels = npt.NDArray[np.uint8]

DEFAULT_RATE = 25.0
_RATES = (1.0, 120.0)
# a frame that stands for longer than this many milliseconds is a mistake
_LONGEST = 10_000.0
_GREYS = frozenset({"MONOCHROME1", "MONOCHROME2"})
_COLOURS = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"})
# of one stream these are written; its own word on its colours counts (PS3.5 8.2.7)
_COLOURS_OF_VIDEO = _COLOURS | {"YBR_PARTIAL_420"}
# so many bytes of decoded frames are kept: some 40 frames of 1024 x 768
_MOST_KEPT = 96 << 20
_LOSSLESS_JPEG = frozenset({JPEGLossless, JPEGLosslessSV1})
_JPEG = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit, *_LOSSLESS_JPEG})
# bytes among which the end of a JPEG must stand; padding may follow it
_TAIL = 64
_FULL_RANGE = frozenset({"YBR_FULL", "YBR_FULL_422"})
# component numbers that are letters say that the samples are red, green and blue; the decoder knows the large ones only
_LARGE_RGB, _SMALL_RGB = [82, 71, 66], [114, 103, 98]
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
    """Size of a source in pixels and frames; `rate` is in frames per second.

    `times` says at how many milliseconds each frame is shown, where the source gives every frame a time of its own.
    """

    rows: int
    columns: int
    count: int
    rate: float
    times: tuple[int, ...] | None = None


class Frames:
    """The frames of one data set; iterating gives `uint8` arrays of shape (rows, columns, 3) in RGB, not to be changed.

    A still or short film is decoded once and kept. Of any other each walk decodes anew, one frame at a time, so that a
    film of any length needs the memory of one frame. Overlay planes and bits above BitsStored are never drawn in
    (PS3.3 C.7.6.3.1.1). Walking raises Held(UNDECODABLE) where a frame is missing, has another size or cannot be
    decoded.
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
        if not self._is_short():
            yield from self._decoded()
            return
        if self._kept is None:
            self._kept = tuple(self._decoded())
        yield from self._kept

    def spread(self, count: int) -> tuple[Pixels, ...]:
        """Return up to `count` frames spread over the film, the first one first; raises Held(UNDECODABLE)."""
        wanted = sorted({round(step) for step in np.linspace(0, self.shape.count - 1, count)})
        if self._is_short():
            every = tuple(self)
            return tuple(every[index] for index in wanted)
        return tuple(self._decoded(wanted))

    def _is_short(self) -> bool:
        size = 3 * self.shape.rows * self.shape.columns * self.shape.count
        return self.shape.count == 1 or size <= _MOST_KEPT

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
            frame.flags.writeable = False
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
        if len(self._table) == 256 and shift == 0 and values.dtype.itemsize == 1 and values.ndim == 2:
            thrice = cv2.cvtColor(values.view(np.uint8), cv2.COLOR_GRAY2RGB)
            return np.asarray(cv2.LUT(thrice, self._table[np.newaxis]), dtype=np.uint8)
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
    is_video = video.is_video(syntax)
    if syntax not in _LOSSLESS_JPEG and not is_video:
        try:
            available = get_decoder(syntax).is_available
        except NotImplementedError as error:
            raise Held(HoldReason.UNKNOWN_SYNTAX) from error
        if not available:
            raise Held(HoldReason.UNKNOWN_SYNTAX)
    colour = str(dataset.get("PhotometricInterpretation", ""))
    colours = _COLOURS_OF_VIDEO if is_video else _COLOURS
    expected = 3 if colour in colours else 1 if colour in _GREYS or colour == "PALETTE COLOR" else 0
    try:
        depth, samples = int(dataset.get("BitsStored", 8)), _samples(dataset)
    except (TypeError, ValueError) as error:
        raise Held(HoldReason.UNDECODABLE) from error
    deepest = video.DEEPEST if is_video else 8 if expected == 3 else 16
    if expected == 0 or samples != expected or (is_video and expected != 3) or not 1 <= depth <= deepest:
        raise Held(HoldReason.UNSUPPORTED_COLOUR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Frames(dataset, shape)
    except _DECODE_ERRORS as error:
        raise Held(HoldReason.UNDECODABLE) from error


def palette_of(dataset: Dataset) -> Pixels:
    """Return the colour of each index of a PALETTE COLOR source, `uint8` (2 ** BitsStored, 3); raises as pydicom."""
    stored = int(dataset.BitsStored)
    values = np.arange(1 << stored, dtype=np.uint16 if stored > 8 else np.uint8)
    return _eight_bits(apply_color_lut(values.reshape(1, -1), dataset)[0])


def frame_rate(dataset: Dataset) -> float:
    """Return the frames per second that the source asks for (PS3.3 C.7.6.5), 25 where it says nothing usable."""
    try:
        time = float(dataset.get("FrameTime", None) or 0)
        rates = [1000.0 / time if time > 0 else 0.0]
        rates += [float(dataset.get(name, None) or 0) for name in ("CineRate", "RecommendedDisplayFrameRate")]
    except (TypeError, ValueError):
        return DEFAULT_RATE
    return next((rate for rate in rates if _RATES[0] <= rate <= _RATES[1]), DEFAULT_RATE)


def frame_times(dataset: Dataset, count: int) -> tuple[int, ...] | None:
    """Return at how many milliseconds each of `count` frames is shown, or None where they follow at an even rate.

    The Frame Time Vector holds the time between each frame and the one before it (PS3.3 C.7.6.5.1.2); it is passed by
    where FrameTime says the same for all, where it has another length, or where its rate is none that a film has.
    """
    vector = dataset.get("FrameTimeVector", None)
    if count < 2 or vector is None or dataset.get("FrameTime", None):
        return None
    try:
        steps = [float(step) for step in vector]
    except (TypeError, ValueError):
        return None
    slowest, fastest = (1000.0 / rate for rate in _RATES)
    mean = sum(steps[1:]) / (count - 1)
    if len(steps) != count or not fastest <= mean <= slowest or not all(0 < step < _LONGEST for step in steps[1:]):
        return None
    times = [round(time) for time in accumulate(steps[1:], initial=0.0)]
    # no two frames at once: a film shows each of them
    return tuple(accumulate(times, lambda before, time: max(before + 1, time)))


def _shape(dataset: Dataset) -> Shape:
    try:
        rows, columns = int(dataset.Rows), int(dataset.Columns)
        count = int(dataset.get("NumberOfFrames", None) or 1)
    except (AttributeError, TypeError, ValueError) as error:
        raise Held(HoldReason.UNDECODABLE) from error
    if rows < 1 or columns < 1 or count < 1:
        raise Held(HoldReason.UNDECODABLE)
    times = frame_times(dataset, count)
    rate = frame_rate(dataset) if times is None else 1000.0 * (count - 1) / times[-1]
    return Shape(rows=rows, columns=columns, count=count, rate=rate, times=times)


def _samples(dataset: Dataset) -> int:
    return int(dataset.get("SamplesPerPixel", 1))


def _raw_frames(
    dataset: Dataset, syntax: UID, indices: Sequence[int] | None = None
) -> Iterator[npt.NDArray[np.generic]]:
    if syntax in _JPEG:
        count = int(dataset.get("NumberOfFrames", None) or 1)
        for index, coded in enumerate(generate_frames(dataset.PixelData, number_of_frames=count)):
            if indices is None or index in indices:
                yield _jpeg(coded, dataset)
        return
    if video.is_video(syntax):
        yield from video.pictures(dataset, indices)
        return
    # raw, since the colours are turned into RGB much faster here; other colours than YBR_FULL come as RGB anyway
    for array, told in get_decoder(syntax).iter_array(dataset, indices=indices, raw=True):
        yield _from_ybr(array) if told["photometric_interpretation"] in _FULL_RANGE else array


def _jpeg(coded: bytes, dataset: Dataset) -> npt.NDArray[np.generic]:
    """Decode eight-bit JPEG, lossy or lossless (PS3.5 A.4.1 and A.4.2), into greys or RGB."""
    with Image.open(io.BytesIO(coded), formats=("JPEG",)) as image:
        if image.size != (int(dataset.Columns), int(dataset.Rows)) or image.mode not in ("L", "RGB"):
            raise ValueError("the coded picture is another than the header tells of")
        colour = str(dataset.PhotometricInterpretation)
        if dataset.file_meta.TransferSyntaxUID in _LOSSLESS_JPEG:
            # without loss the decoder gives the samples as they are
            return _from_ybr(np.asarray(image)) if colour in _FULL_RANGE else np.asarray(image)
        if image.mode == "RGB" and _holds_rgb(image, colour):
            # the decoder would take the samples for YBR: ask for them as they are
            image.draft("YCbCr", image.size)
            return np.asarray(image)
        return _quickly(coded, grey=image.mode == "L")


def _quickly(coded: bytes, *, grey: bool) -> npt.NDArray[np.generic]:
    """Decode lossy JPEG with the other wrapper of the same library, which spares two copies of the picture."""
    # it fills up what is missing, so a picture that breaks off must be found here
    if coded.rfind(b"\xff\xd9", -_TAIL) < 0:
        raise ValueError("the coded picture breaks off")
    way = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    picture = cv2.imdecode(np.frombuffer(coded, np.uint8), way | cv2.IMREAD_IGNORE_ORIENTATION)
    if picture is None:
        raise ValueError("the coded picture cannot be read")
    return picture


def _holds_rgb(image: Image.Image, colour: str) -> bool:
    """Return whether a JPEG's samples are RGB though the decoder cannot know it.

    A marker of Adobe or JFIF tells the decoder; without one the letters of the components count, then the header.
    """
    letters = [layer[0] for layer in getattr(image, "layer", ())]
    if "adobe_transform" in image.info or letters == _LARGE_RGB:
        return False
    return letters == _SMALL_RGB or (colour == "RGB" and "jfif" not in image.info)


def _from_ybr(values: npt.NDArray[np.generic]) -> Pixels:
    """Return YBR_FULL (PS3.3 C.7.6.3.1.2) as RGB; both are `uint8` (rows, columns, 3)."""
    if values.dtype != np.uint8:
        raise ValueError("colour samples have eight bits")
    swapped = np.ascontiguousarray(values[:, :, (0, 2, 1)], dtype=np.uint8)
    return np.asarray(cv2.cvtColor(swapped, cv2.COLOR_YCrCb2RGB), dtype=np.uint8)


def _table(dataset: Dataset, syntax: UID) -> Pixels:
    """Return the RGB value of each stored value, `uint8` (2 ** BitsStored, 3)."""
    if str(dataset.PhotometricInterpretation) == "PALETTE COLOR":
        return palette_of(dataset)
    stored = int(dataset.BitsStored)
    signed = np.arange(1 << stored, dtype=np.int32)
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
