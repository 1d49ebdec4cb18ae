"""The floor: the least that anybody must do to hand out the same pictures, whatever happens in between.

It is decoding the source once, and encoding once what the engine delivered: the DICOM master, the still as PNG and
JPEG, the thumbnail, and for a cine the film. The pictures encoded are the delivered ones, not the fuller source. The
views of the source for the reviewer are measured beside it; every check and every search is part of neither.

The encoders are the engine's own. Its PNG is five times as fast as what OpenCV makes with zlib, which is measured too:
most programs that hand out pictures would take that time.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import av
import cv2
import numpy as np
import numpy.typing as npt
import pydicom

from deid.engine import frames, png, rendering
from deid.engine.findings import Outcome, Outputs
from deid.engine.mastering import Master

Pixels = npt.NDArray[np.uint8]
Made = TypeVar("Made")

_MOST_PIXELS = 2**40


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds of decoding the source, and of encoding the master, the stills, the film, and the reviewer's views.

    `zlib` are the seconds that OpenCV takes longer for the PNG.
    """

    decode: float
    master: float
    stills: float
    film: float
    views: float
    zlib: float

    @property
    def whole(self) -> float:
        """Return the seconds of everything for the patient and the archive."""
        return self.decode + self.master + self.stills + self.film

    @property
    def with_views(self) -> float:
        """Return the seconds of all that is written, the reviewer's views too."""
        return self.whole + self.views

    @property
    def with_zlib(self) -> float:
        """Return the seconds of everything for the patient and the archive where OpenCV makes the PNG."""
        return self.whole + self.zlib

    @property
    def film_alone(self) -> float:
        """Return the seconds of decoding the source and encoding nothing but the film."""
        return self.decode + self.film


class _Stopwatch:
    """Adds up the seconds of calls."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def time(self, call: Callable[..., Made], *arguments: object) -> Made:
        begun = time.perf_counter()
        try:
            return call(*arguments)
        finally:
            self.seconds += time.perf_counter() - begun


def measure(data: bytes, outcome: Outcome) -> Floor:
    """Return the floor of one input with all its outputs; raises ValueError where an output was not made."""
    made = outcome.outputs
    if made.dicom is None or made.still is None:
        raise ValueError("the engine delivered nothing to measure against")
    picture = png.decoded(made.still)
    return Floor(
        decode=_decode(data),
        master=_master(data, made.dicom),
        stills=sum(_seconds(encode, picture) for encode in (png.encoded, rendering.jpeg, rendering.thumbnail)),
        film=_film(data, made.film, quick=False) if made.film is not None else 0.0,
        views=_views(data, made),
        zlib=_seconds(_opencv_png, picture) - _seconds(png.encoded, picture),
    )


def _opened(data: bytes) -> frames.Frames:
    return frames.open_frames(pydicom.dcmread(io.BytesIO(data)), max_pixels=_MOST_PIXELS)


def _decode(data: bytes) -> float:
    begun = time.perf_counter()
    for _ in _opened(data):
        pass
    return time.perf_counter() - begun


def _master(data: bytes, delivered: bytes) -> float:
    watch = _Stopwatch()
    source = pydicom.dcmread(io.BytesIO(data))
    film = frames.open_frames(source, max_pixels=_MOST_PIXELS)
    header = pydicom.dcmread(io.BytesIO(delivered), stop_before_pixels=True)
    master = watch.time(lambda: Master(source, film.shape, grey=film.grey))
    for picture in _opened(delivered):
        watch.time(master.add, picture)
    watch.time(master.finish, header)
    return watch.seconds


def _seconds(encode: Callable[[Pixels], bytes], picture: Pixels) -> float:
    watch = _Stopwatch()
    watch.time(encode, picture)
    return watch.seconds


def _opencv_png(picture: Pixels) -> bytes:
    """Encode as the engine does, rows told by differences to the left, by OpenCV and zlib."""
    way = (cv2.IMWRITE_PNG_COMPRESSION, 2, cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_SUB)
    return cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), way)[1].tobytes()


def _views(data: bytes, made: Outputs) -> float:
    still = _seconds(png.encoded, png.decoded(made.source_still)) if made.source_still is not None else 0.0
    film = _film(data, made.source_film, quick=True) if made.source_film is not None else 0.0
    return still + film


def _film(data: bytes, delivered: bytes, *, quick: bool) -> float:
    watch = _Stopwatch()
    shape = _opened(data).shape
    with av.open(io.BytesIO(delivered), "r") as container:
        stream = container.streams.video[0]
        film = rendering.Film(
            rows=stream.height,
            columns=stream.width,
            frames=shape.count,
            rate=shape.rate,
            times=shape.times,
            quick=quick,
        )
        with film:
            for frame in container.decode(stream):
                watch.time(film.write, np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8))
            watch.time(film.finish)
    return watch.seconds
