"""Whatever stands in a header, only a plausible number or a known term comes out."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code

from deid.engine import header_values as values
from deid.engine.profile_table import Number

DEPTH = Number("DepthOfScanField", 0, 9_999)
RATIO = Number("PixelAspectRatio", 1, 99, most=2, least=2)
DELTA = Number("PhysicalDeltaX", -1e7, 1e7)


def holding(keyword: str, vr: str, value: object) -> Dataset:
    dataset = Dataset()
    dataset.add(DataElement(keyword, vr, value, already_converted=True))
    return dataset


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [
        ("IS", 120, [120]),
        ("LO", "0120", [120]),
        ("LO", "1e3", [1000]),
        ("LO", "ERIKA", []),
        ("IS", -1, []),
        ("IS", 10_000, []),
        ("FD", float("nan"), []),
        ("FD", float("inf"), []),
        ("OB", b"\x01", []),
        ("IS", [1, 2], []),
        ("IS", [], []),
        ("IS", None, []),
        ("SQ", Sequence([]), []),
    ],
)
def test_a_number_is_plausible_or_not_there(vr: str, value: object, expected: list[float]) -> None:
    assert values.numbers(holding("DepthOfScanField", vr, value), DEPTH) == expected


def test_a_pair_is_a_pair() -> None:
    assert values.numbers(holding("PixelAspectRatio", "IS", [4, 3]), RATIO) == [4, 3]
    assert values.numbers(holding("PixelAspectRatio", "IS", 4), RATIO) == []


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_a_long_number_spells_no_word(word: str) -> None:
    """An ASCII word in the bytes of a double is a plausible number (PhysicalDeltaX, FD)."""
    (number,) = struct.unpack("<d", word.encode())
    for kept in values.numbers(holding("PhysicalDeltaX", "FD", number), DELTA):
        assert struct.pack("<d", kept)[:3] != word.encode()[:3]


def test_numbers_are_copied_where_they_are() -> None:
    target = Dataset()
    values.copy_numbers(holding("PixelAspectRatio", "IS", [4, 3]), target, (DEPTH, RATIO))
    assert list(target.PixelAspectRatio) == [4, 3]
    assert "DepthOfScanField" not in target


@pytest.mark.parametrize(
    ("vr", "value", "expected"),
    [("CS", "L ", "L"), ("CS", ["L", "R"], ""), ("OB", b"L", ""), ("CS", "LEFT", ""), ("CS", None, "")],
)
def test_a_term_is_one_of_the_known(vr: str, value: object, expected: str) -> None:
    assert values.term(holding("Laterality", vr, value), "Laterality", {"L", "R"}) == expected


def test_items_come_from_sequences_only() -> None:
    assert values.items(holding("SourceImageSequence", "LO", "abc"), "SourceImageSequence", most=9) == []
    assert values.items(Dataset(), "SourceImageSequence", most=9) == []
    many = holding("SourceImageSequence", "SQ", Sequence([Dataset(), Dataset(), Dataset()]))
    assert len(values.items(many, "SourceImageSequence", most=2)) == 2


def test_a_code_is_written_anew() -> None:
    item = values.coded(Code("818983003", "SCT", "Abdomen"))
    assert (item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning) == ("818983003", "SCT", "Abdomen")
