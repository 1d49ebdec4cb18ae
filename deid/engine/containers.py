"""Takes output files apart into the bytes that are not picture data: chunks, segments, boxes and elements."""

from collections.abc import Iterator

from deid.engine import prescan
from deid.engine.errors import Rejected

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
# Coding tables and frame headers (ISO/IEC 10918-1 table B.1): DHT, DQT, DRI, DNL and all SOF decide pixels only.
_TABLES = frozenset({0xC4, 0xDB, 0xDD, 0xDC, *(set(range(0xC0, 0xD0)) - {0xC8, 0xCC})})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_BOXES_WITH_BOXES = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"edts", b"dinf"})
_BOXES_OF_NUMBERS = frozenset({b"stts", b"stss", b"ctts", b"stsc", b"stsz", b"stco", b"co64"})
_SEI = 6


def areas(data: bytes) -> Iterator[bytes]:
    """Yield everything in a PNG, JPEG, MP4 or DICOM file but its picture data; any other file as a whole."""
    if data.startswith(_PNG):
        yield from png(data)
    elif data.startswith(_JPEG):
        yield from jpeg(data)
    elif data[4:8] == b"ftyp":
        yield from mp4(data)
    elif data[128:132] == b"DICM":
        yield from dicom(data)
    else:
        yield data


def png(data: bytes) -> Iterator[bytes]:
    """Yield each chunk but IDAT, and what follows the last one (ISO/IEC 15948 section 5)."""
    position = len(_PNG)
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        if end > len(data):
            break
        if data[position + 4 : position + 8] != b"IDAT":
            yield data[position + 8 : end - 4]
        position = end
    yield data[position:]


def jpeg(data: bytes) -> Iterator[bytes]:
    """Yield each segment but coding tables and entropy-coded data, and what follows the end of the image."""
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker == 0xD9:
            yield data[position + 2 :]
            return
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker not in _TABLES:
            yield data[position + 4 : end]
        position = _entropy_end(data, end) if marker == 0xDA else end
    yield data[position:]


def _entropy_end(data: bytes, position: int) -> int:
    """Find the next marker that is neither a stuffed byte nor a restart."""
    while (position := data.find(b"\xff", position)) >= 0 and position + 1 < len(data):
        if data[position + 1] != 0 and data[position + 1] not in _STANDALONE:
            return position
        position += 2
    return len(data)


def mp4(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Yield each box's content (ISO/IEC 14496-12 section 4.2); of the media data only what is not coded picture."""
    position = 0
    while position + 8 <= len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        head = 8
        if size == 1:
            size, head = int.from_bytes(data[position + 8 : position + 16], "big"), 16
        if size == 0:
            size = len(data) - position
        if size < head or position + size > len(data):
            break
        content = data[position + head : position + size]
        if kind == b"mdat":
            yield from _remarks(content)
        elif kind in _BOXES_WITH_BOXES and depth < 8:
            yield from mp4(content, depth + 1)
        elif kind not in _BOXES_OF_NUMBERS:
            yield kind + content
        position += size
    yield data[position:]


def _remarks(media: bytes) -> Iterator[bytes]:
    """Yield the supplemental information (ISO/IEC 14496-10 annex D) among the units of an H.264 stream.

    Media data that are not a row of units with 32-bit lengths are given whole.
    """
    found = []
    position = 0
    while position + 4 < len(media):
        end = position + 4 + int.from_bytes(media[position : position + 4], "big")
        if end > len(media) or end == position + 4:
            break
        if media[position + 4] & 0x1F == _SEI:
            found.append(media[position + 4 : end])
        position = end
    if position == len(media):
        yield from found
    else:
        yield media


def dicom(data: bytes) -> Iterator[bytes]:
    """Yield the preamble, all elements but the pixels, and the headers of encapsulated frames (PS3.5 annex A.4).

    What frames have in common is given once.
    """
    try:
        plan = prescan.layout(data)
        places = prescan.pixels(data, plan)
    except Rejected:
        yield data
        return
    if places is None:
        yield data
        return
    yield data[: places.start]
    yield data[places.end :]
    known: set[bytes] = set()
    for start, end in places.fragments:
        fresh = set(_fragment(data[start:end])) - known
        known |= fresh
        yield from fresh


def _fragment(frame: bytes) -> Iterator[bytes]:
    if frame.startswith(_JPEG):
        yield from jpeg(frame)
    elif frame.startswith(b"\xff\x4f"):
        yield from _codestream_header(frame)
    elif frame[4:8] == b"jP  ":
        # a JPEG 2000 file in boxes; DICOM wants the bare codestream, so nothing of it is taken for picture data
        yield frame


def _codestream_header(frame: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG 2000 main header, up to the first tile (ISO/IEC 15444-1 annex A)."""
    position = 2
    while position + 4 <= len(frame) and frame[position : position + 2] != b"\xff\x90":
        end = position + 2 + int.from_bytes(frame[position + 2 : position + 4], "big")
        yield frame[position + 4 : end]
        position = end
