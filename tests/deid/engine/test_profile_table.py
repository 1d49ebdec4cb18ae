"""The allow-list names real attributes of the right kind, and no attribute that PS3.15 wants removed."""

import pytest
from pydicom.datadict import dictionary_VM, dictionary_VR, tag_for_keyword
from pydicom.uid import UID

from deid.engine import profile_table as table

NUMBERS = (
    *table.NUMBERS,
    *table.NUMBERS_OR_EMPTY,
    *table.TIMING,
    *table.REGION_REQUIRED,
    *table.REGION_OPTIONAL,
)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.keyword)
def test_numbers_are_numeric_attributes(number: table.Number) -> None:
    assert dictionary_VR(number.keyword) in {"DS", "FD", "FL", "IS", "SL", "SS", "UL", "US"}
    assert (dictionary_VM(number.keyword) != "1") == (number.most > 1)
    assert number.low < number.high


@pytest.mark.parametrize("keyword", table.EMPTY)
def test_empty_attributes_exist(keyword: str) -> None:
    assert tag_for_keyword(keyword) is not None


@pytest.mark.parametrize("keyword", sorted(table.CODES | table.PLACES | table.REMARKS))
def test_identifying_attributes_exist_and_are_not_allowed(keyword: str) -> None:
    assert tag_for_keyword(keyword) is not None
    assert keyword not in {number.keyword for number in NUMBERS}


def test_no_number_is_both_required_and_optional() -> None:
    required = {number.keyword for number in table.REGION_REQUIRED}
    assert required.isdisjoint(number.keyword for number in table.REGION_OPTIONAL)


def test_own_uids_and_words_are_sound() -> None:
    assert UID(table.IMPLEMENTATION_CLASS_UID).is_valid
    assert len(table.IMPLEMENTATION_VERSION) <= 16
    assert len(table.METHOD) <= 64


def test_terms_are_coded_strings() -> None:
    for term in table.IMAGE_TYPES | table.TRANSDUCER_TYPES | table.CONVERSION_TYPES:
        assert len(term) <= 16
        assert term == term.upper()


def test_words_are_split() -> None:
    assert table.words("A B") == {"A", "B"}
    assert table.words("A B;C", separator=";") == {"A B", "C"}
