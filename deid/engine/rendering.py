"""Encodes finished pictures: stills without metadata, a thumbnail, and an H.264 film that starts before it is whole."""

import io
from fractions import Fraction
from types import TracebackType

import av
import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin

from deid.engine.errors import Held, HoldReason

Pixels = npt.NDArray[np.uint8]

THUMBNAIL_WIDTH = 480
_JPEG_QUALITY = 92
_FILM_QUALITY = "18"


def png(picture: Pixels) -> bytes:
    """Return `picture` (rows, columns, 3; RGB) as PNG with an sRGB chunk and nothing else beside the pixels."""
    chunks = PngImagePlugin.PngInfo()
    chunks.add(b"sRGB", b"\x00")
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", pnginfo=chunks, compress_level=4)
    return buffer.getvalue()


def jpeg(picture: Pixels, *, quality: int = _JPEG_QUALITY) -> bytes:
    """Return `picture` as JPEG without EXIF, all colours at full size."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality, subsampling=0)
    return buffer.getvalue()


def thumbnail(picture: Pixels) -> bytes:
    """Return a JPEG of `picture`, at most 480 pixels wide."""
    rows, columns = picture.shape[:2]
    if columns > THUMBNAIL_WIDTH:
        size = (THUMBNAIL_WIDTH, max(1, round(rows * THUMBNAIL_WIDTH / columns)))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return jpeg(picture, quality=88)


def picture_of(coded: bytes) -> Pixels:
    """Return the pixels of a PNG or JPEG made here, `uint8` (rows, columns, 3)."""
    with Image.open(io.BytesIO(coded), formats=("PNG", "JPEG")) as image:
        return np.asarray(image.convert("RGB"), dtype=np.uint8)


class Film:
    """Takes RGB frames of one size and becomes an MP4: H.264, yuv420p, even sizes, faststart, no metadata.

    Use as a context manager, `write` each frame, then `finish`. Raises Held(RENDER_FAILED) where the encoder fails.
    """

    def __init__(self, *, rows: int, columns: int, frames: int, rate: float, quick: bool = False) -> None:
        self._pad = ((0, rows % 2), (0, columns % 2), (0, 0))
        self._buffer = io.BytesIO()
        # room kept at the front lets the index stand there at once, so that the film plays while it loads
        self._container = av.open(
            self._buffer, "w", format="mp4", options={"moov_size": str(8192 + 64 * frames), "fflags": "bitexact"}
        )
        speed = Fraction(rate).limit_denominator(1001)
        stream = self._container.add_stream("libx264", rate=speed)
        stream.width, stream.height = columns + columns % 2, rows + rows % 2
        stream.pix_fmt = "yuv420p"
        stream.options = {
            "crf": "23" if quick else _FILM_QUALITY,
            "preset": "ultrafast" if quick else "veryfast",
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
        padded = np.ascontiguousarray(np.pad(frame, self._pad))
        try:
            for packet in self._stream.encode(av.VideoFrame.from_ndarray(padded, format="rgb24")):
                self._container.mux(packet)
        except (av.FFmpegError, ValueError) as error:
            raise Held(HoldReason.RENDER_FAILED) from error

    def finish(self) -> bytes:
        """Close the film and return its bytes."""
        try:
            for packet in self._stream.encode(None):
                self._container.mux(packet)
            self._container.close()
        except (av.FFmpegError, ValueError) as error:
            raise Held(HoldReason.RENDER_FAILED) from error
        return self._buffer.getvalue()
