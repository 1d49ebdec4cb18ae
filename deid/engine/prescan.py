"""Walks over the structure of a DICOM file before any parser touches it, without recursion and within fixed budgets.

Only tags, value representations and lengths are looked at (PS3.5 section 7 and PS3.10 section 7.1); no value is
decoded but the two UIDs of the file meta information that decide how the rest is laid out.
"""

from dataclasses import dataclass
from enum import Enum

from pydicom.datadict import dictionary_VR

from deid.engine.errors import Rejected, RejectReason

MAX_DEPTH = 32
MAX_ELEMENTS = 50_000
MAX_META_BYTES = 1 << 20

_START = 132
_UNDEFINED = 0xFFFFFFFF
_PIXEL_DATA = (0x7FE0, 0x0010)
_ITEM = (0xFFFE, 0xE000)
_ITEM_SIGN = b"\xfe\xff\x00\xe0"
_ITEM_END = (0xFFFE, 0xE00D)
_SEQUENCE_END = (0xFFFE, 0xE0DD)
# PS3.5 table 7.1-1; every other representation, unknown ones too, has a length of 16 bits
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_IMPLICIT_LITTLE = "1.2.840.10008.1.2"
_EXPLICIT_BIG = "1.2.840.10008.1.2.2"
_DEFLATED = frozenset({"1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.8.1"})


@dataclass(frozen=True, slots=True)
class Layout:
    """What the file meta information says: both UIDs, and the offset at which the data set begins."""

    sop_class_uid: str
    transfer_syntax_uid: str
    start: int


@dataclass(frozen=True, slots=True)
class Pixels:
    """Where the top-level PixelData's value lies; `fragments` are the frames' parts, and empty where it is native."""

    start: int
    end: int
    fragments: tuple[tuple[int, int], ...]


class _Kind(Enum):
    DATASET = "dataset"
    SEQUENCE = "sequence"
    FRAGMENTS = "fragments"


@dataclass(slots=True)
class _Level:
    kind: _Kind
    end: int | None
    implicit: bool


@dataclass(frozen=True, slots=True)
class _Header:
    tag: tuple[int, int]
    vr: bytes
    length: int
    value_at: int


def layout(data: bytes) -> Layout:
    """Read the file meta information; the preamble's content is ignored (CVE-2019-11687 hides programs there).

    Raises Rejected with EMPTY, NOT_DICOM, NO_META, TRUNCATED, DAMAGED or DEFLATED.
    """
    if not data:
        raise Rejected(RejectReason.EMPTY)
    if data[128:_START] != b"DICM":
        raise Rejected(RejectReason.NOT_DICOM)
    found: dict[tuple[int, int], str] = {}
    position = _START
    while data[position : position + 2] == b"\x02\x00" and position < MAX_META_BYTES:
        header = _explicit(data, position, "little")
        position = _value_end(data, header, len(data))
        if header.vr == b"UI":
            found[header.tag] = data[header.value_at : position].rstrip(b"\0 ").decode("ascii", "replace")
    syntax = found.get((0x0002, 0x0010), "")
    if not syntax:
        raise Rejected(RejectReason.NO_META)
    if syntax in _DEFLATED:
        raise Rejected(RejectReason.DEFLATED)
    return Layout(found.get((0x0002, 0x0002), ""), syntax, position)


def check(data: bytes, plan: Layout) -> int:
    """Walk the whole data set and return the offset of its end; zero bytes behind it are padding.

    Raises Rejected with TRUNCATED, DAMAGED, TOO_DEEP or TOO_MANY_ELEMENTS.
    """
    order: str = "big" if plan.transfer_syntax_uid == _EXPLICIT_BIG else "little"
    implicit = plan.transfer_syntax_uid == _IMPLICIT_LITTLE
    top = _Level(_Kind.DATASET, len(data), _really_implicit(data, plan.start, implicit, order))
    return _walk(data, plan.start, [top], order, _Spent())


def holds_items(value: bytes) -> bool:
    """Say whether a value of unknown representation is a sequence in little endian (PS3.5 section 6.2.2, CP-246).

    Raises Rejected(TOO_DEEP) or Rejected(TOO_MANY_ELEMENTS) for one that is over the budgets by itself.
    """
    return value[:4] == _ITEM_SIGN and _is_sequence(value, 0, len(value), _Spent(), depth=1)


@dataclass(slots=True)
class _Spent:
    """What was used of the budgets: all elements so far, and the levels round what is looked at."""

    elements: int = 0
    depth: int = 0


def _walk(data: bytes, position: int, levels: list[_Level], order: str, spent: _Spent) -> int:
    top = spent.depth == 0
    while levels:
        level = levels[-1]
        if position == level.end:
            levels.pop()
            continue
        if top and len(levels) == 1 and data[position] == 0 and _is_padding(data, position):
            return position
        spent.elements += 1
        if spent.elements > MAX_ELEMENTS:
            raise Rejected(RejectReason.TOO_MANY_ELEMENTS)
        position = _step(data, position, levels, order, spent)
        if len(levels) + spent.depth > MAX_DEPTH * 2 + 1:
            raise Rejected(RejectReason.TOO_DEEP)
    return position


def _is_sequence(data: bytes, start: int, end: int, spent: _Spent, *, depth: int) -> bool:
    """Walk through a value as if it were a sequence; a budget that runs out is no matter of form."""
    inside = _Spent(spent.elements, depth)
    try:
        _walk(data, start, [_Level(_Kind.SEQUENCE, end, False)], "little", inside)
    except Rejected as refusal:
        if refusal.reason in (RejectReason.TOO_DEEP, RejectReason.TOO_MANY_ELEMENTS):
            raise
        return False
    finally:
        spent.elements = inside.elements
    return True


def pixels(data: bytes, plan: Layout) -> Pixels | None:
    """Return the place of the pixel data of an explicit little endian data set, or None. Raises Rejected as `check`."""
    check(data, plan)
    position = plan.start
    while position < len(data):
        header = _explicit(data, position, "little")
        if header.tag == _PIXEL_DATA:
            return _pixels_at(data, header)
        position = _skipped(data, header)
    return None


def _skipped(data: bytes, header: _Header) -> int:
    """Return the end of a value; one of undefined length is walked through."""
    if header.length != _UNDEFINED:
        return header.value_at + header.length
    levels = [_opened(header, _Level(_Kind.DATASET, None, False))]
    position = header.value_at
    while levels:
        if position == levels[-1].end:
            levels.pop()
        else:
            position = _step(data, position, levels, "little", _Spent())
    return position


def _pixels_at(data: bytes, header: _Header) -> Pixels:
    if header.length != _UNDEFINED:
        return Pixels(header.value_at, header.value_at + header.length, ())
    fragments = []
    position = header.value_at
    while (item := _implicit(data, position, "little")).tag == _ITEM:
        position = item.value_at + item.length
        fragments.append((item.value_at, position))
    return Pixels(header.value_at, position, tuple(fragments))


def _step(data: bytes, position: int, levels: list[_Level], order: str, spent: _Spent) -> int:
    """Take one element, item or delimiter; push or pop levels; return where the next one begins.

    A sequence may be sent as UN, or as a value of which implicit VR tells no representation: it is looked into.
    """
    level = levels[-1]
    tag = _tag(data, position, order)
    if tag[0] == 0xFFFE:
        return _delimiter(data, position, levels, order)
    if level.kind is not _Kind.DATASET:
        raise Rejected(RejectReason.DAMAGED)
    header = _implicit(data, position, order) if level.implicit else _explicit(data, position, order)
    if header.length == _UNDEFINED:
        levels.append(_opened(header, level))
        return header.value_at
    end = _value_end(data, header, level.end)
    if header.vr == b"SQ" and header.length:
        levels.append(_Level(_Kind.SEQUENCE, end, level.implicit))
        return header.value_at
    if header.vr in (b"UN", b"") and data[header.value_at : header.value_at + 4] == _ITEM_SIGN:
        sound = _is_sequence(data, header.value_at, end, spent, depth=spent.depth + len(levels))
        if not sound and _known_sequence(header.tag):
            raise Rejected(RejectReason.DAMAGED)
    return end


def _delimiter(data: bytes, position: int, levels: list[_Level], order: str) -> int:
    """Handle an item, an item's end or a sequence's end (PS3.5 section 7.5)."""
    level = levels[-1]
    header = _implicit(data, position, order)
    if header.tag == _ITEM and level.kind is _Kind.FRAGMENTS and header.length != _UNDEFINED:
        return _value_end(data, header, level.end)
    if header.tag == _ITEM and level.kind is _Kind.SEQUENCE:
        end = None if header.length == _UNDEFINED else _value_end(data, header, level.end)
        implicit = level.implicit or _really_implicit(data, header.value_at, False, order)
        levels.append(_Level(_Kind.DATASET, end, implicit))
        return header.value_at
    closes = {_Kind.DATASET: _ITEM_END, _Kind.SEQUENCE: _SEQUENCE_END, _Kind.FRAGMENTS: _SEQUENCE_END}
    if header.tag != closes[level.kind] or level.end is not None or header.length:
        raise Rejected(RejectReason.DAMAGED)
    levels.pop()
    return header.value_at


def _opened(header: _Header, level: _Level) -> _Level:
    """A value of undefined length is a sequence, or encapsulated pixel data (PS3.5 annex A.4)."""
    if header.vr in (b"OB", b"OW"):
        return _Level(_Kind.FRAGMENTS, None, level.implicit)
    # CP-246: a sequence of unknown representation is written in implicit VR whatever surrounds it
    if header.vr == b"UN":
        return _Level(_Kind.SEQUENCE, None, True)
    if header.vr == b"SQ" or level.implicit:
        return _Level(_Kind.SEQUENCE, None, level.implicit)
    raise Rejected(RejectReason.DAMAGED)


def _value_end(data: bytes, header: _Header, limit: int | None) -> int:
    end = header.value_at + header.length
    if end > len(data):
        raise Rejected(RejectReason.TRUNCATED)
    if limit is not None and end > limit:
        raise Rejected(RejectReason.DAMAGED)
    return end


def _number(raw: bytes, order: str) -> int:
    return int.from_bytes(raw, "big" if order == "big" else "little")


def _tag(data: bytes, position: int, order: str) -> tuple[int, int]:
    if position + 8 > len(data):
        raise Rejected(RejectReason.TRUNCATED)
    return _number(data[position : position + 2], order), _number(data[position + 2 : position + 4], order)


def _implicit(data: bytes, position: int, order: str) -> _Header:
    tag = _tag(data, position, order)
    vr = b"SQ" if tag[0] != 0xFFFE and _known_sequence(tag) else b""
    return _Header(tag, vr, _number(data[position + 4 : position + 8], order), position + 8)


def _explicit(data: bytes, position: int, order: str) -> _Header:
    tag = _tag(data, position, order)
    vr = data[position + 4 : position + 6]
    if vr not in _LONG:
        return _Header(tag, vr, _number(data[position + 6 : position + 8], order), position + 8)
    if position + 12 > len(data):
        raise Rejected(RejectReason.TRUNCATED)
    return _Header(tag, vr, _number(data[position + 8 : position + 12], order), position + 12)


def _known_sequence(tag: tuple[int, int]) -> bool:
    if tag[0] % 2:
        return False
    try:
        return dictionary_VR(tag) == "SQ"
    except KeyError:
        return False


def _really_implicit(data: bytes, position: int, declared: bool, order: str) -> bool:
    """Some writers declare one representation and use the other; the first element tells, as it does for pydicom."""
    vr = data[position + 4 : position + 6]
    if position + 8 > len(data) or _tag(data, position, order)[0] == 0xFFFE:
        return declared
    return not all(0x40 < letter < 0x5B for letter in vr)


def _is_padding(data: bytes, position: int) -> bool:
    return not data[position : position + 8].strip(b"\0") and data.count(b"\0", position) == len(data) - position
