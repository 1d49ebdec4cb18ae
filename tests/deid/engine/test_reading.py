"""Measurements and anatomy words may stay; dates, numbers of people and whatever matches the header may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.reading import Text, harmless, is_letters


def text(words: str, confidence: float = 95.0) -> Text:
    return Text(x=10, y=10, w=40, h=12, first_frame=0, last_frame=0, words=words, confidence=confidence)


def nobody(_words: str) -> bool:
    return False


@pytest.mark.parametrize("words", ["HC", "BPD", "5.28", "cm", "146bpm", "21w3d", "MI<0.4", "Kidney", "BPD 5.28 cm"])
def test_measurements_and_anatomy_may_stay(words: str) -> None:
    assert harmless(text(words), nobody)


@pytest.mark.parametrize(
    "words",
    ["Okafor", "17.03.2026", "03/17/26", "10:42", "48-206117", "1993", "A40718253", "20260317", "HC Smith", "..."],
)
def test_identifiers_and_the_unknown_may_not(words: str) -> None:
    assert not harmless(text(words), nobody)


def test_doubtful_reading_may_not_stay() -> None:
    assert not harmless(text("HC", confidence=40.0), nobody)


def test_listed_word_that_matches_the_header_may_not_stay() -> None:
    assert not harmless(text("Heart"), lambda words: words == "Heart")


@given(st.integers(10_000, 10**9))
def test_five_digits_never_stay(number: int) -> None:
    assert not harmless(text(str(number)), nobody)


@given(st.dates(), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%y", "%d.%m.%y"]))
def test_dates_never_stay(date: object, form: str) -> None:
    assert not harmless(text(format(date, form)), nobody)


def test_texts_overlap_only_in_shared_frames() -> None:
    early = text("a")
    late = Text(x=10, y=10, w=40, h=12, first_frame=5, last_frame=6)

    assert not early.overlaps(late)
    assert early.overlaps(text("b"))
    assert early.overlaps(Text(x=53, y=10, w=5, h=5, first_frame=0, last_frame=0), slack=5)


def test_letters_are_counted() -> None:
    assert is_letters(text("-a1"), least=2)
    assert not is_letters(text("--"))
