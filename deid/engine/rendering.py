"""Encodes finished pictures: JPEGs without metadata, a thumbnail, and an H.264 film that starts before it is whole."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import TracebackType

import av
import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageCms

from deid.engine.errors import Held, HoldReason

Pixels = npt.NDArray[np.uint8]

THUMBNAIL_WIDTH = 480
_JPEG_QUALITY = 92
# start of a JPEG and JFIF's segment (ISO/IEC 10918-5); where a colour profile holds its date (ICC.1:2022 7.2.8)
_JFIF_END = 2 + 2 + 16
_ICC_DATE = 24
_FILM_QUALITY = "18"
_GROUP = "48"
_MILLISECOND = Fraction(1, 1000)


def jpeg(picture: Pixels, *, quality: int = _JPEG_QUALITY) -> bytes:
    """Return `picture` as JPEG without EXIF, all colours at full size."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def tagged(coded: bytes, *, dots_per_inch: int | None = None) -> bytes:
    """Return a JPEG made here with the sRGB profile in it, and with its density where it is to be printed.

    The profile stands behind JFIF's segment (ICC.1:2022 annex B.4); it is the same for every picture.
    """
    unit, density = (0, 1) if dots_per_inch is None else (1, dots_per_inch)
    jfif = struct.pack(">HHH5sHBHHBB", 0xFFD8, 0xFFE0, 16, b"JFIF\0", 0x0101, unit, density, density, 0, 0)
    profile = b"ICC_PROFILE\0\1\1" + _srgb_profile()
    return jfif + struct.pack(">HH", 0xFFE2, 2 + len(profile)) + profile + coded[_JFIF_END:]


@cache
def _srgb_profile() -> bytes:
    """Return the sRGB profile (IEC 61966-2-1) with a date that tells nothing of when it was made."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:_ICC_DATE] + struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + made[_ICC_DATE + 12 :]


def thumbnail(picture: Pixels) -> bytes:
    """Return a JPEG of `picture`, at most 480 pixels wide."""
    rows, columns = picture.shape[:2]
    if columns > THUMBNAIL_WIDTH:
        size = (THUMBNAIL_WIDTH, max(1, round(rows * THUMBNAIL_WIDTH / columns)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return jpeg(picture, quality=88)


def picture_of(coded: bytes) -> Pixels:
    """Return the pixels of a JPEG made here, `uint8` (rows, columns, 3); raises Held(RENDER_FAILED)."""
    picture = cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise Held(HoldReason.RENDER_FAILED)
    return np.asarray(picture, dtype=np.uint8)


class Film:
    """Takes RGB frames of one size and becomes an MP4: H.264, yuv420p, even sizes, faststart, no metadata.

    Use as a context manager, `write` each frame, then `finish`. Raises Held(RENDER_FAILED) where the encoder fails.
    """

    def __init__(
        self,
        *,
        rows: int,
        columns: int,
        frames: int,
        rate: float,
        times: Sequence[int] | None = None,
        quick: bool = False,
    ) -> None:
        """Open a film of `frames` frames; they follow at `rate` a second, or stand at `times` milliseconds each."""
        self._pad = (0, rows % 2, 0, columns % 2)
        self._quick = quick
        self._times = None if times is None else iter(times)
        self._buffer = io.BytesIO()
        # room kept at the front lets the index stand there at once, so that the film plays while it loads
        self._container = av.open(
            self._buffer, "w", format="mp4", options={"moov_size": str(8192 + 64 * frames), "fflags": "bitexact"}
        )
        stream = self._container.add_stream("libx264", rate=Fraction(rate).limit_denominator(1001))
        if times is not None:
            stream.codec_context.time_base = _MILLISECOND
        # one core for each engine; the caller decides how many engines run
        stream.codec_context.thread_count = 1
        stream.width, stream.height = columns + columns % 2, rows + rows % 2
        stream.pix_fmt = "yuv420p"
        stream.options = {
            "crf": "28" if quick else _FILM_QUALITY,
            "preset": "ultrafast" if quick else "veryfast",
            # a film can be entered every two seconds or so
            "g": _GROUP,
            "flags": "+bitexact",
            "colorspace": "smpte170m",
            "color_range": "tv",
        }
        self._stream = stream

    def __enter__(self) -> "Film":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._container.close()

    def write(self, frame: Pixels) -> None:
        """Append one frame, `uint8` (rows, columns, 3)."""
        try:
            for packet in self._stream.encode(self._picture(frame)):
                self._container.mux(packet)
        except (av.FFmpegError, ValueError) as error:
            raise Held(HoldReason.RENDER_FAILED) from error

    def _picture(self, frame: Pixels) -> av.VideoFrame:
        if any(self._pad):
            frame = np.asarray(cv2.copyMakeBorder(frame, *self._pad, cv2.BORDER_CONSTANT), dtype=np.uint8)
        if self._quick:
            # thrice as fast, at the price of colours without smoothing
            planes = np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420), dtype=np.uint8)
            picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        else:
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        if self._times is not None:
            picture.pts, picture.time_base = next(self._times), _MILLISECOND
        return picture

    def finish(self) -> bytes:
        """Close the film and return its bytes."""
        try:
            for packet in self._stream.encode(None):
                self._container.mux(packet)
            self._container.close()
        except (av.FFmpegError, ValueError) as error:
            raise Held(HoldReason.RENDER_FAILED) from error
        return self._buffer.getvalue()


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """What a film shows: how many frames it has, the first of them, and the brightest value of each pixel over all that
    are coded by themselves, in grey; both pictures are `uint8` (rows, columns, 3).
    """

    count: int
    first: Pixels
    brightest: Pixels


def showing(film: bytes, *, rows: int, columns: int) -> Showing:
    """Open a film made here and decode the frames that others are built on; the rest are differences from those.

    Raises Held(RENDER_FAILED) where it is broken or has another size.
    """
    count = 0
    first: Pixels | None = None
    brightest: Pixels | None = None
    try:
        with av.open(io.BytesIO(film), "r") as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1
            stream.codec_context.skip_frame = "NONKEY"
            for packet in container.demux(stream):
                count += packet.size > 0
                for frame in packet.decode():
                    if first is None:
                        first = np.asarray(frame.to_ndarray(format="rgb24")[:rows, :columns], dtype=np.uint8)
                    light = _light(frame)[:rows, :columns]
                    brightest = light.copy() if brightest is None else np.maximum(brightest, light, out=brightest)
    except av.FFmpegError as error:
        raise Held(HoldReason.RENDER_FAILED) from error
    if first is None or brightest is None or brightest.shape != (rows, columns):
        raise Held(HoldReason.RENDER_FAILED)
    full = cv2.convertScaleAbs(brightest, alpha=255 / 219, beta=-16 * 255 / 219)
    return Showing(count, first, np.asarray(cv2.cvtColor(full, cv2.COLOR_GRAY2RGB), dtype=np.uint8))


def _light(frame: av.VideoFrame) -> Pixels:
    """Return the luma plane, whose lines may be longer than the picture."""
    plane = frame.planes[0]
    return np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
