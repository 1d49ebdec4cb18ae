"""Takes output files apart: what may hold text, what is coded picture, and what is a picture's plain samples."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache

from deid.engine import prescan
from deid.engine.errors import Rejected

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# Coding tables and frame headers (ISO/IEC 10918-1 table B.1): DHT, DQT, DRI, DNL and all SOF decide pixels only.
_TABLES = frozenset({0xC4, 0xDB, 0xDD, 0xDC, *(set(range(0xC0, 0xD0)) - {0xC8, 0xCC})})
END = 0xD9
SCAN, BROKEN = -1, -2
_SCAN_HEADER = 0xDA
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# the frame header of JPEG-LS (ISO/IEC 14495-1 C.1.1)
_LS_FRAME = 0xF7
_CODESTREAM = b"\xff\x4f"
_BOXES_WITH_BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts", b"dinf"})
_BOXES_OF_NUMBERS = frozenset({b"stts", b"stss", b"ctts", b"stsc", b"stsz", b"stco", b"co64"})
# bytes among which the end of a codestream must stand
_PADDED = 64
# coded slices among the units of an H.264 stream (ISO/IEC 14496-10 table 7-1)
_SLICES = frozenset({1, 5})


class Kind(Enum):
    """What a part of a file is: anything, a picture's entropy-coded data, or its samples as they are or in runs."""

    ANYTHING = "anything"
    CODED = "coded"
    SAMPLES = "samples"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a file; what is of no known structure is `Kind.ANYTHING`."""

    content: memoryview
    kind: Kind = Kind.ANYTHING


def parts(data: bytes) -> Iterator[Part]:
    """Yield everything in a PNG, JPEG, MP4 or DICOM file but coding tables; any other file as one part."""
    view = memoryview(data)
    if data.startswith(_PNG):
        yield from _png(view)
    elif data.startswith(_JPEG):
        yield from _jpeg(view)
    elif data[4:8] == b"ftyp":
        yield from _mp4(view)
    elif data[128:132] == b"DICM":
        yield from _dicom(data)
    else:
        yield Part(view)


def _png(data: memoryview) -> Iterator[Part]:
    """Yield each chunk's content, and what follows the last one (ISO/IEC 15948 section 5)."""
    position = len(_PNG)
    while position + 12 <= len(data):
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if end > len(data):
            break
        coded = bytes(data[position + 4 : position + 8]) == b"IDAT"
        yield Part(data[position + 8 : end - 4], Kind.CODED if coded else Kind.ANYTHING)
        position = end
    yield Part(data[position:])


def _jpeg(data: memoryview) -> Iterator[Part]:
    """Yield each segment but coding tables, the scans, and what follows the end of the image; JPEG-LS alike."""
    for marker, content in segments(data):
        if marker not in _TABLES and marker != _LS_FRAME:
            yield Part(content, Kind.CODED if marker == SCAN else Kind.ANYTHING)


def segments(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield the marker and the content of each segment of a JPEG or JPEG-LS stream, `SCAN` for coded data.

    What follows the end of the image comes last, as `END`; so does the rest of a stream that breaks off, as `BROKEN`.
    """
    position, limit = 2, 0x01
    while position + 2 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker == END:
            yield END, data[position + 2 :]
            return
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        limit = 0x80 if marker == _LS_FRAME else limit
        yield marker, data[position + 4 : end]
        position = end
        if marker == _SCAN_HEADER:
            position = _scan_end(data, end, limit)
            yield SCAN, data[end:position]
    yield BROKEN, data[position:]


def _scan_end(data: memoryview, position: int, limit: int) -> int:
    """Find the next marker that is no restart; what follows 0xFF is coded data where it is less than `limit`.

    JPEG puts a zero behind each 0xFF (ISO/IEC 10918-1 B.1.1.5), JPEG-LS a zero bit (ISO/IEC 14495-1 A.1).
    """
    scan = data.obj if isinstance(data.obj, bytes) and len(data.obj) == len(data) else bytes(data)
    marker = _marker(limit).search(scan, position)
    return marker.start() if marker else len(scan)


@cache
def _marker(limit: int) -> re.Pattern[bytes]:
    ends = bytes(sign for sign in range(limit, 0x100) if sign not in _STANDALONE)
    return re.compile(b"\xff[" + re.escape(ends) + b"]")


def _mp4(data: memoryview, depth: int = 0) -> Iterator[Part]:
    """Yield each box's content (ISO/IEC 14496-12 section 4.2); tables of numbers are left out."""
    position = 0
    while position + 8 <= len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), bytes(data[position + 4 : position + 8])
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        if size == 0:
            size = len(data) - position
        if size < head or position + size > len(data):
            break
        content = data[position + head : position + size]
        if kind == b"mdat":
            yield from _units(content)
        elif kind in _BOXES_WITH_BOXES and depth < 8:
            yield from _mp4(content, depth + 1)
        elif kind not in _BOXES_OF_NUMBERS:
            yield Part(data[position + 4 : position + 8])
            yield Part(content)
        position += size
    yield Part(data[position:])


def _units(media: memoryview) -> Iterator[Part]:
    """Yield the units of an H.264 stream; media data that are not a row of units with 32-bit lengths stay whole."""
    found = []
    position = 0
    while position + 4 < len(media):
        end = position + 4 + int.from_bytes(media[position : position + 4], "big")
        if end > len(media) or end == position + 4:
            break
        coded = media[position + 4] & 0x1F in _SLICES
        found.append(Part(media[position + 4 : end], Kind.CODED if coded else Kind.ANYTHING))
        position = end
    if position == len(media):
        yield from found
    else:
        yield Part(media)


def _dicom(data: bytes) -> Iterator[Part]:
    """Yield the preamble and all elements but the pixels, then the pixels (PS3.5 section 8 and annex A.4)."""
    view = memoryview(data)
    try:
        plan = prescan.layout(data)
        places = prescan.pixels(data, plan)
    except Rejected:
        places = None
    if places is None:
        yield Part(view)
        return
    yield Part(view[: places.start])
    yield Part(view[places.end :])
    if not places.fragments:
        yield Part(view[places.start : places.end], Kind.SAMPLES)
    for start, end in places.fragments:
        yield from _fragment(view[start:end])


def _fragment(frame: memoryview) -> Iterator[Part]:
    if frame[:2] == _JPEG:
        yield from _jpeg(frame)
    elif bytes(frame[4:8]) == b"ftyp":
        yield from _mp4(frame)
    elif frame[:2] == _CODESTREAM:
        yield from _codestream(frame)
    elif is_rle(frame):
        yield Part(frame, Kind.SAMPLES)
    else:
        # a table of offsets, or a JPEG 2000 file in boxes where DICOM wants the bare codestream
        yield Part(frame)


def is_rle(frame: memoryview) -> bool:
    """Say whether a fragment begins as PS3.5 annex G.5 has it: up to 15 segments, the first right behind the header."""
    head = [int.from_bytes(frame[start : start + 4], "little") for start in range(0, 64, 4)]
    count, starts = head[0], head[1:]
    orderly = starts[:count] == sorted(starts[:count]) and not any(starts[count:])
    return len(frame) > 64 and 1 <= count <= 15 and starts[0] == 64 and orderly and starts[count - 1] < len(frame)


def _codestream(frame: memoryview) -> Iterator[Part]:
    """Yield the segments of a JPEG 2000 main header, the tiles, and what follows them (ISO/IEC 15444-1 annex A)."""
    position = 2
    for _, content in main_header(frame):
        yield Part(content)
        position += 4 + len(content)
    end = bytes(frame[-_PADDED:]).rfind(b"\xff\xd9")
    end = len(frame) if end < 0 else max(position, len(frame) - min(_PADDED, len(frame)) + end)
    yield Part(frame[position:end], Kind.CODED)
    yield Part(frame[end:])


def main_header(frame: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield the second byte of each marker of a JPEG 2000 main header, up to the first tile, and what it holds."""
    position = 2
    while position + 4 <= len(frame) and bytes(frame[position : position + 2]) != b"\xff\x90":
        end = position + 2 + int.from_bytes(frame[position + 2 : position + 4], "big")
        yield frame[position + 1], frame[position + 4 : end]
        position = end
