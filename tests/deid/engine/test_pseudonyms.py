"""Pseudonyms repeat under one secret, differ under another, and cannot be traced without it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from deid.engine import pseudonyms


@given(st.text(), st.binary(min_size=1))
def test_uids_are_valid_and_repeatable(original: str, secret: bytes) -> None:
    value = pseudonyms.uid(original, secret=secret)
    assert UID(value).is_valid
    assert value.startswith("2.25.")
    assert value == pseudonyms.uid(original, secret=secret)


@given(st.lists(st.text(), unique=True, min_size=2, max_size=20))
def test_different_originals_get_different_uids(originals: list[str]) -> None:
    assert len({pseudonyms.uid(original, secret=b"s") for original in originals}) == len(originals)


def test_the_secret_decides() -> None:
    assert pseudonyms.uid("1.2.3", secret=b"a") != pseudonyms.uid("1.2.3", secret=b"b")
    assert pseudonyms.patient("7", secret=b"a") != pseudonyms.patient("7", secret=b"b")


def test_a_patient_code_suits_names_and_numbers() -> None:
    code = pseudonyms.patient("MRN0048213", secret=b"a")
    assert len(code) == 18
    assert code.isascii()
    assert code.upper() == code


def test_parts_are_kept_apart() -> None:
    assert pseudonyms.patient("ab", "c", secret=b"a") != pseudonyms.patient("a", "bc", secret=b"a")


def test_no_secret_no_pseudonym() -> None:
    with pytest.raises(ValueError, match="secret"):
        pseudonyms.uid("1.2.3", secret=b"")
    with pytest.raises(ValueError, match="secret"):
        pseudonyms.patient("7", secret=b"")


@given(st.text(), st.text(), st.binary(min_size=1))
def test_keys_of_two_scopes_differ(one: str, other: str, secret: bytes) -> None:
    assert (pseudonyms.key(one, secret=secret) == pseudonyms.key(other, secret=secret)) == (one == other)


@given(st.text(), st.binary(min_size=1))
def test_an_offset_is_long_enough_and_has_a_part_of_a_day(patient: str, secret: bytes) -> None:
    back = pseudonyms.offset(patient, secret=secret)
    assert back == pseudonyms.offset(patient, secret=secret)
    assert timedelta(days=400) <= back < timedelta(days=3653)
    assert back.microseconds == 0


def test_offsets_are_spread() -> None:
    offsets = [pseudonyms.offset(str(number), secret=b"secret") for number in range(400)]
    assert len({back.days for back in offsets}) > 350
    assert len({back.seconds for back in offsets}) > 390
    assert len({back.days // 326 for back in offsets}) >= 9
