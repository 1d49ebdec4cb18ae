"""The film of a master whose source is one stream: H.264 in MP4, as PS3.5 8.2.7 and 8.2.8 have it, and not larger.

Each picture is coded by itself and as changes of those before it, never of later ones, so that it can be looked at as
coded before the next one is taken.
"""

import io
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from pydicom import Dataset
from pydicom.uid import MPEG4HP41, MPEG4HP422D, UID

from deid.engine import video
from deid.engine.errors import Held, HoldReason
from deid.engine.frames import Shape

Pixels = npt.NDArray[np.uint8]

PHOTOMETRIC = "YBR_PARTIAL_420"
METHOD = "ISO_14496_10"
"""PS3.3 C.7.6.1.1.5.1."""
# how good the pictures are where there is room: hardly anything is lost
_QUALITY = "10"
_GROUP = "60"
# a stream takes at most such a share of the source's room: what flows in, and a store for the pictures that need much
_ROOM, _STORE, _LARGEST_STORE = 1.05, 0.25, 0.9
_HEADROOM = 1.1
_LEAST_RATE = 8_000
# slices; all else in a picture's units are messages (ISO/IEC 14496-10 table 7-1)
_SLICES = frozenset({1, 5})
_UNIT = b"\0\0\1"
_EMPTY_BOX = b"\0\0\0\x09free\0"
_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Level:
    """How large a film may be (ISO/IEC 14496-10 table A-1): blocks of 16 x 16 in a picture and a second, bits kept."""

    name: str
    syntax: UID
    blocks: int
    blocks_a_second: int
    store: int


_LEVELS = (
    Level("4.1", MPEG4HP41, 8_192, 245_760, 78_125_000),
    Level("4.2", MPEG4HP422D, 8_704, 522_240, 78_125_000),
)


def level_for(shape: Shape) -> Level | None:
    """Return the lowest level that a film may be written in; None where it is too large, too fast or of odd size."""
    blocks = -(-shape.rows // _BLOCK) * -(-shape.columns // _BLOCK)
    if shape.rows % 2 or shape.columns % 2:
        return None
    fitting = (one for one in _LEVELS if blocks <= one.blocks and blocks * shape.rate <= one.blocks_a_second)
    return next(fitting, None)


class VideoCoding:
    """Takes RGB pictures of one size one after the other; each comes out coded, and all of them as an MP4 in the end.

    Raises Held(UNKNOWN_SYNTAX) for a film that has no level, and ValueError or av.FFmpegError where the source's stream
    cannot be read or the encoder fails.
    """

    def __init__(self, source: Dataset, shape: Shape) -> None:
        level = level_for(shape)
        if level is None:
            raise Held(HoldReason.UNKNOWN_SYNTAX)
        self.syntax = level.syntax
        self._buffer = io.BytesIO()
        self._container = av.open(self._buffer, "w", format="mp4", options={"fflags": "bitexact"})
        self._stream = self._container.add_stream("libx264", rate=Fraction(shape.rate).limit_denominator(1001))
        self._stream.width, self._stream.height, self._stream.pix_fmt = shape.columns, shape.rows, "yuv420p"
        self._stream.codec_context.thread_count = 1
        self._stream.options = {
            "profile": "high",
            "level": level.name,
            "preset": "faster",
            "tune": "zerolatency",
            "crf": _QUALITY,
            "g": _GROUP,
            "flags": "+bitexact",
            "colorspace": "smpte170m",
            "color_range": "tv",
            **_room(source, shape, level),
        }
        self._decoder = av.CodecContext.create("h264", "r")
        self._decoder.thread_count = 1

    def encode(self, frame: Pixels) -> bytes:
        """Return a picture, `uint8` (rows, columns, 3), coded: its slices and nothing beside them."""
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24")
        # one colour for four pixels is their mean, and the source's own where they have not changed
        picture = picture.reformat(format="yuv420p", interpolation="AREA")
        (packet,) = self._stream.encode(picture)
        coded = _slices(bytes(packet))
        bare = av.Packet(coded)
        bare.pts, bare.dts, bare.time_base = packet.pts, packet.dts, packet.time_base
        bare.is_keyframe, bare.stream = packet.is_keyframe, self._stream
        self._container.mux(bare)
        return coded

    def decoded(self, coded: bytes) -> Pixels:
        """Return what any player makes of the picture that was coded last, `uint8` (rows, columns, 3)."""
        if self._decoder.extradata is None:
            self._decoder.extradata = self._stream.codec_context.extradata
        (seen,) = self._decoder.decode(av.Packet(coded))
        return video.in_rgb(seen)

    def finish(self) -> bytes:
        """Return the film, of an even number of bytes."""
        if self._stream.encode(None):
            raise ValueError("the encoder kept a picture back")
        self._container.close()
        return even(self._buffer.getvalue())


def even(film: bytes) -> bytes:
    """Return a film as long as a fragment may be (PS3.5 annex A.4): where its bytes are odd, an empty box ends it."""
    return film + _EMPTY_BOX if len(film) % 2 else film


def _room(source: Dataset, shape: Shape, level: Level) -> dict[str, str]:
    """Return the bits that may flow in a second and that may be stored, so that the film takes the source's room."""
    bits = 8 * len(source.PixelData)
    needed = min(8 * _HEADROOM * video.largest_picture(source), _LARGEST_STORE * bits)
    store = min(max(_STORE * bits, needed), level.store)
    rate = max((_ROOM * bits - store) * shape.rate / shape.count, _LEAST_RATE)
    return {"maxrate": str(int(rate)), "bufsize": str(max(int(store), int(rate / shape.rate)))}


def _slices(packet: bytes) -> bytes:
    """Return the slices of a picture, each behind its start code; the encoder's remark about itself goes."""
    units = packet.split(_UNIT)[1:]
    return b"".join(b"\0" + _UNIT + unit.rstrip(b"\0") for unit in units if unit and unit[0] & 0x1F in _SLICES)
