"""The structure of a file is known, and bounded, before a parser sees it."""

import struct
from pathlib import Path

import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import ImplicitVRLittleEndian, JPEGBaseline8Bit

from deid.engine import prescan
from deid.engine.errors import Rejected, RejectReason
from tests import samples
from tests.deid.engine.headers import region, ultrasound, written


def scanned(data: bytes) -> int:
    return prescan.check(data, prescan.layout(data))


def explicit(tag: tuple[int, int], vr: bytes, value: bytes, length: int | None = None) -> bytes:
    """Return one explicit little endian element, with a wrong length where asked."""
    size = len(value) if length is None else length
    head = struct.pack("<HH", *tag) + vr
    if vr in (b"SQ", b"UN", b"OB", b"OW", b"UT"):
        return head + b"\0\0" + struct.pack("<I", size) + value
    return head + struct.pack("<H", size) + value


def file_of(*elements: bytes, syntax: bytes = b"1.2.840.10008.1.2.1\0") -> bytes:
    """Return a file with the least of meta information."""
    return b"\0" * 128 + b"DICM" + explicit((2, 0x10), b"UI", syntax) + b"".join(elements)


UNDEFINED = 0xFFFFFFFF
ITEM = b"\xfe\xff\x00\xe0"
ITEM_END = b"\xfe\xff\x0d\xe0\0\0\0\0"
SEQUENCE_END = b"\xfe\xff\xdd\xe0\0\0\0\0"


@pytest.mark.parametrize("path", samples.ultrasound(), ids=lambda path: path.stem)
def test_real_files_are_walked_to_their_end(path: Path) -> None:
    data = path.read_bytes()
    assert scanned(data) == len(data)


def test_layout_tells_class_and_syntax() -> None:
    plan = prescan.layout(written(ultrasound()))
    assert plan.sop_class_uid == "1.2.840.10008.5.1.4.1.1.6.1"
    assert plan.transfer_syntax_uid == "1.2.840.10008.1.2.1"


def test_implicit_encoding_is_walked() -> None:
    source = ultrasound(SequenceOfUltrasoundRegions=[region(), region()])
    source.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    data = written(source)
    assert scanned(data) == len(data)


@pytest.mark.parametrize(
    "syntax", [b"1.2.840.10008.1.2.1.99\0\0", b"1.2.840.10008.1.2.4.95\0\0", b"1.2.840.10008.1.2.8.1\0"]
)
def test_deflated_files_are_refused(syntax: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        prescan.layout(file_of(syntax=syntax))
    assert refused.value.reason is RejectReason.DEFLATED


@pytest.mark.parametrize(
    "elements",
    [
        [explicit((8, 0x60), b"CS", b"US")],
        [explicit((8, 0x1140), b"SQ", ITEM + struct.pack("<I", UNDEFINED) + ITEM_END + SEQUENCE_END, UNDEFINED)],
        [explicit((8, 0x1140), b"SQ", b"")],
        # the same sequence as unknown: its items are implicit whatever surrounds them
        [
            explicit(
                (9, 0x1001),
                b"UN",
                ITEM + struct.pack("<I", 10) + b"\x08\0\x60\0\2\0\0\0US" + SEQUENCE_END,
                UNDEFINED,
            )
        ],
        # explicit by its syntax, implicit in fact
        [b"\x08\x00\x60\x00\x02\x00\x00\x00US"],
    ],
)
def test_legal_structures_pass(elements: list[bytes]) -> None:
    data = file_of(*elements)
    assert scanned(data) == len(data)


@pytest.mark.parametrize(
    ("elements", "reason"),
    [
        ([explicit((8, 0x60), b"CS", b"US", 99)], RejectReason.TRUNCATED),
        ([explicit((8, 0x60), b"CS", b"US"), b"\x08\x00"], RejectReason.TRUNCATED),
        ([explicit((8, 0x1140), b"SQ", b"", UNDEFINED)], RejectReason.TRUNCATED),
        ([explicit((8, 0x70), b"UT", b"", UNDEFINED)], RejectReason.DAMAGED),
        ([SEQUENCE_END], RejectReason.DAMAGED),
        ([ITEM + b"\0\0\0\0"], RejectReason.DAMAGED),
        ([explicit((8, 0x1140), b"SQ", explicit((8, 0x60), b"CS", b"US"))], RejectReason.DAMAGED),
        # an item longer than its sequence
        (
            [explicit((8, 0x1140), b"SQ", ITEM + struct.pack("<I", 40)), explicit((9, 1), b"LO", b"x" * 40)],
            RejectReason.DAMAGED,
        ),
        # an element longer than its item
        (
            [
                explicit((8, 0x1140), b"SQ", ITEM + struct.pack("<I", 8) + explicit((8, 0x60), b"CS", b"", 9)),
                explicit((9, 1), b"LO", b"x" * 40),
            ],
            RejectReason.DAMAGED,
        ),
        # a delimiter with a length
        ([explicit((8, 0x1140), b"SQ", b"\xfe\xff\xdd\xe0\1\0\0\0", UNDEFINED)], RejectReason.DAMAGED),
        # fragments without an end
        ([explicit((0x7FE0, 0x10), b"OB", ITEM + b"\0\0\0\0", UNDEFINED)], RejectReason.TRUNCATED),
        # a fragment of undefined length
        ([explicit((0x7FE0, 0x10), b"OB", ITEM + b"\xff\xff\xff\xff", UNDEFINED)], RejectReason.DAMAGED),
    ],
)
def test_broken_structures_are_refused(elements: list[bytes], reason: RejectReason) -> None:
    with pytest.raises(Rejected) as refused:
        scanned(file_of(*elements))
    assert refused.value.reason is reason


def test_many_elements_are_refused() -> None:
    with pytest.raises(Rejected) as refused:
        scanned(file_of(*[explicit((8, 0x60), b"CS", b"US")] * (prescan.MAX_ELEMENTS + 1)))
    assert refused.value.reason is RejectReason.TOO_MANY_ELEMENTS


def test_native_pixels_are_located() -> None:
    data = written(ultrasound(SequenceOfUltrasoundRegions=[region()]))
    place = prescan.pixels(data, prescan.layout(data))
    assert place is not None
    assert data[place.start : place.end] == bytes(range(24))
    assert place.fragments == ()


def test_encapsulated_pixels_are_located_behind_open_sequences() -> None:
    source = ultrasound(PixelData=encapsulate([b"\xff\xd8one\xff\xd9", b"\xff\xd8two2\xff\xd9"]))
    source.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    source["PixelData"].is_undefined_length = True
    source.SequenceOfUltrasoundRegions = [region()]
    source["SequenceOfUltrasoundRegions"].is_undefined_length = True
    data = written(source)
    place = prescan.pixels(data, prescan.layout(data))
    assert place is not None
    assert [data[start:end].rstrip(b"\0") for start, end in place.fragments[1:]] == [
        b"\xff\xd8one\xff\xd9",
        b"\xff\xd8two2\xff\xd9",
    ]


def test_no_pixels_no_place() -> None:
    data = written(ultrasound(PixelData=None))
    assert prescan.pixels(data, prescan.layout(data)) is None


@pytest.mark.parametrize("vr", [b"UN", b"SQ"])
@pytest.mark.parametrize(("depth", "reason"), [(31, None), (33, RejectReason.TOO_DEEP)])
def test_nesting_is_bounded_whatever_it_is_called(vr: bytes, depth: int, reason: RejectReason | None) -> None:
    inner = b""
    for _ in range(depth):
        inner = explicit((0x0040, 0x0275), vr, ITEM + struct.pack("<I", len(inner)) + inner)
    if reason is None:
        assert scanned(file_of(inner))
        return
    with pytest.raises(Rejected) as refused:
        scanned(file_of(inner))
    assert refused.value.reason is reason


def test_a_public_sequence_as_unknown_must_be_one() -> None:
    with pytest.raises(Rejected) as refused:
        scanned(file_of(explicit((0x0040, 0x0275), b"UN", ITEM + b"\xff\xff\0\0no")))
    assert refused.value.reason is RejectReason.DAMAGED


@pytest.mark.parametrize(
    ("value", "sound"),
    [
        (ITEM + b"\0\0\0\0", True),
        (ITEM + b"\x0a\0\0\0" + b"\x08\0\x60\0\2\0\0\0US", True),
        (ITEM + b"\x0a\0\0\0" + b"\x08\0\x60\0CS\2\0US", True),
        (ITEM + b"\xff\xff\xff\xff" + ITEM_END, True),
        (ITEM + b"\x0a\0\0\0" + b"US", False),
        (ITEM, False),
        (b"US", False),
        (b"", False),
    ],
)
def test_items_are_known_by_their_structure(value: bytes, sound: bool) -> None:
    assert prescan.holds_items(value) is sound
