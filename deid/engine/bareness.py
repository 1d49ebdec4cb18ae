"""Says whether a written file is bare: made of nothing but the parts that the portal writes.

An icon, an overlay or a thumbnail would be a second picture that nobody has looked at, and text in it would stand in no
byte. What has no place in a file cannot be carried along: every other kind of part is found here, whatever it holds.
"""

import io
import re
import warnings
from collections.abc import Iterator

import pydicom
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.engine import containers, prescan
from deid.engine.containers import BROKEN, END, SCAN
from deid.engine.errors import Rejected
from deid.engine.intake import UNREADABLE
from deid.engine.palettes import CHANNELS, ENTRIES

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_CHUNKS = re.compile("IHDR (?:sRGB )?(?:IDAT )+IEND ")
_JPEG, _CODESTREAM = b"\xff\xd8", b"\xff\x4f"
# start and tables of a frame, its scans; JFIF's own segment without a thumbnail, and Adobe's (ISO/IEC 10918-6)
_JFIF, _ADOBE = 0xE0, 0xEE
_JPEG_MARKERS = frozenset({0xC0, 0xC1, 0xC4, 0xDA, 0xDB, 0xDD, 0xF7, SCAN})
_JFIF_SIZE, _ADOBE_SIZE = 14, 12
# the main header of JPEG 2000: size, coding and quantisation, and the coder's remark, which is text
_CODESTREAM_MARKERS = frozenset({0x50, 0x51, 0x52, 0x53, 0x5C, 0x5D, 0x64})
_PARENTS = frozenset({b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl", b"udta"})
_LEAVES = frozenset(
    {
        *(b"ftyp", b"free", b"mdat", b"mvhd", b"tkhd", b"elst", b"mdhd", b"hdlr", b"vmhd", b"dref"),
        *(b"stsd", b"stts", b"stss", b"stsc", b"stsz", b"stco", b"co64", b"ctts", b"meta"),
    }
)
# an index of titles without any
_EMPTY_META = 45
_PREAMBLE = bytes(128)
_PICTURES = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
_BYTES_OF_OUR_OWN = frozenset({"FileMetaInformationVersion"})
_TABLES = frozenset(f"{name}PaletteColorLookupTableData" for name in CHANNELS)


def is_bare(data: bytes) -> bool:
    """Say whether a PNG, JPEG, MP4 or DICOM file has only known parts; a file of any other kind is not bare."""
    view = memoryview(data)
    if data.startswith(_PNG):
        return _PNG_CHUNKS.fullmatch("".join(_chunks(view))) is not None
    if data.startswith(_JPEG):
        return _is_bare_jpeg(view, most=0)
    if data[4:8] == b"ftyp":
        return _is_bare_film(view)
    return data[128:132] == b"DICM" and _is_bare_dicom(data)


def _chunks(data: memoryview) -> Iterator[str]:
    position = len(_PNG)
    while position < len(data):
        kind = bytes(data[position + 4 : position + 8]).decode("latin-1")
        position += 12 + int.from_bytes(data[position : position + 4], "big")
        yield f"{kind} " if position <= len(data) else "broken"


def _is_bare_jpeg(data: memoryview, *, most: int) -> bool:
    """Say whether every segment of a JPEG or JPEG-LS stream is known; up to `most` zeros may follow its end."""
    marker = BROKEN
    for marker, content in containers.segments(data):
        sized = {_JFIF: _JFIF_SIZE, _ADOBE: _ADOBE_SIZE}.get(marker)
        known = marker in _JPEG_MARKERS or (sized == len(content) and bytes(content[:5]) in (b"JFIF\0", b"Adobe"))
        if marker == END:
            known = len(content) <= most and not any(content)
        if not known:
            return False
    return marker == END


def _is_bare_film(data: memoryview) -> bool:
    position = 0
    while position + 8 <= len(data):
        size, kind = int.from_bytes(data[position : position + 4], "big"), bytes(data[position + 4 : position + 8])
        content = data[position + 8 : position + size]
        inside = _is_bare_film(content) if kind in _PARENTS else kind in _LEAVES
        if size < 8 or not inside or (kind == b"free" and any(content)) or (kind == b"meta" and size > 8 + _EMPTY_META):
            return False
        position += size
    return position == len(data)


def _is_bare_dicom(data: bytes) -> bool:
    """Say whether a file has an empty preamble, elements that hold no second picture, and the pixels as its end.

    What the reader wonders about was not written here.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            dataset = pydicom.dcmread(io.BytesIO(data), stop_before_pixels=True)
            places = prescan.pixels(data, prescan.layout(data))
            plain = all(_is_plain(element) for element in (*dataset.file_meta, *_elements(dataset)))
    except (Rejected, Warning, *UNREADABLE):
        return False
    if data[:128] != _PREAMBLE or not plain or places is None:
        return False
    if not places.fragments:
        return places.end == len(data)
    # the end of a sequence takes eight bytes; the first item is a table of offsets (PS3.5 annex A.4)
    table, *frames = places.fragments
    view = memoryview(data)
    known = table[0] == table[1] and all(_is_bare_frame(view[start:end]) for start, end in frames)
    return known and places.end + 8 == len(data)


def _elements(dataset: Dataset) -> Iterator[DataElement]:
    for element in dataset:
        yield element
        if isinstance(element.value, Sequence):
            for item in element.value:
                yield from _elements(item)


def _is_plain(element: DataElement) -> bool:
    """Say whether an element is no overlay or curve, belongs to no maker and holds no bytes of any other kind."""
    repeated = element.tag.group >> 8 in (0x50, 0x60)
    known = element.keyword in _BYTES_OF_OUR_OWN or (element.keyword in _TABLES and _is_table(element.value))
    opaque = element.VR in _PICTURES and not known
    return not (element.tag.is_private or repeated or opaque or "Icon" in element.keyword)


def _is_table(value: bytes) -> bool:
    """Say whether a palette's table has as many entries as the portal writes, each one byte twice."""
    return len(value) == 2 * ENTRIES and value[::2] == value[1::2]


def _is_bare_frame(frame: memoryview) -> bool:
    if frame[:2] == _JPEG:
        return _is_bare_jpeg(frame, most=1)
    if bytes(frame[4:8]) == b"ftyp":
        return _is_bare_film(frame)
    if frame[:2] == _CODESTREAM:
        return all(marker in _CODESTREAM_MARKERS for marker, _ in containers.main_header(frame))
    return containers.is_rle(frame)
