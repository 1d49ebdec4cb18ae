"""What a word is: numbers, units and listed words also when misread; dates, times and numbers of people are unknown."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import senses
from deid.engine.senses import Sense


@pytest.mark.parametrize(
    ("word", "sense"),
    [
        ("BPD", Sense.MEASUREMENT),
        ("EFW(Hadlock)", Sense.MEASUREMENT),
        ("HC/AC", Sense.MEASUREMENT),
        ("TAmax:", Sense.MEASUREMENT),
        ("0OD", Sense.MEASUREMENT),
        ("4BOD", Sense.VALUE),
        ("+LVOT", Sense.MEASUREMENT),
        ("Kidney", Sense.ANATOMY),
        ("K1DNEY", Sense.ANATOMY),
        ("FERNUR", Sense.ANATOMY),
        ("Fenur", Sense.ANATOMY),
        ("Cisterma,", Sense.ANATOMY),
        ("Plazenta", Sense.ANATOMY),
        ("riñón", Sense.ANATOMY),
        ("corazón", Sense.ANATOMY),
        ("crâne", Sense.UNKNOWN),
        ("NOSE/LIPS", Sense.ANATOMY),
        ("RtLeg", Sense.ANATOMY),
        ("5.21cm", Sense.VALUE),
        ("3.45°cm", Sense.VALUE),
        ("@.49", Sense.NUMBER),
        ("D16.80", Sense.NUMBER),
        ("1L3.91", Sense.NUMBER),
        ("1L12.05", Sense.UNKNOWN),
        ("16wid", Sense.AGE),
        ("GA8wid", Sense.AGE),
        ("Baby", Sense.LABEL),
        ("scar", Sense.UNKNOWN),
        ("Long", Sense.ANATOMY),
        ("PI1.18", Sense.VALUE),
        ("P11.18", Sense.VALUE),
        ("Rl.0.49", Sense.VALUE),
        ("EFW2977g", Sense.VALUE),
        ("EFW.3162g", Sense.VALUE),
        ("1L8.36.cm", Sense.VALUE),
        ("1L4.08cm", Sense.VALUE),
        ("L8.66", Sense.NUMBER),
        ("L12.05", Sense.UNKNOWN),
        ("1L10.01", Sense.UNKNOWN),
        ("FL5.40cm21w0d", Sense.AGE),
        ("AFI_10.8", Sense.VALUE),
        ("RTOVARY", Sense.ANATOMY),
        ("M1121374", Sense.UNKNOWN),
        ("P1234567", Sense.UNKNOWN),
        ("kidney王", Sense.UNKNOWN),
        ("芳", Sense.UNKNOWN),
        ("of", Sense.UNKNOWN),
        ("12.4cm", Sense.VALUE),
        ("S.21cm", Sense.VALUE),
        ("8.31em", Sense.VALUE),
        ("148bpm", Sense.VALUE),
        ("2593g", Sense.VALUE),
        ("45%", Sense.VALUE),
        ("MI:0.4", Sense.VALUE),
        ("TIs0.4", Sense.VALUE),
        ("DR108dB", Sense.VALUE),
        ("0.9", Sense.NUMBER),
        ("17.03", Sense.NUMBER),
        ("-2.5", Sense.NUMBER),
        ("312", Sense.NUMBER),
        ("21w3d", Sense.AGE),
        ("2lw3d", Sense.AGE),
        ("GA=22w5d", Sense.AGE),
        ("6w", Sense.AGE),
        ("1d", Sense.AGE),
        ("21+3", Sense.AGE),
        ("EDD=30W4d", Sense.AGE),
        ("1993", Sense.COUNT),
        ("+/-", Sense.SIGN),
        ("±", Sense.SIGN),
        ("=", Sense.SIGN),
        ("LMP", Sense.DATE),
        ("EDD:", Sense.DATE),
        ("DOB", Sense.LABEL),
        ("ID:480126", Sense.LABEL),
        ("Operator:", Sense.LABEL),
        ("it's_a_boy", Sense.SEX),
        ("GIRL!", Sense.SEX),
        ("Okafor", Sense.UNKNOWN),
        ("10:42", Sense.UNKNOWN),
        ("17.03.2026", Sense.UNKNOWN),
        ("03/12", Sense.UNKNOWN),
        ("48-206117", Sense.UNKNOWN),
        ("A40718253", Sense.UNKNOWN),
        ("20260317", Sense.UNKNOWN),
        ("LMP:12.03", Sense.UNKNOWN),
        ("32Y", Sense.UNKNOWN),
        ("...", Sense.UNKNOWN),
    ],
)
def test_words_are_what_they_look_like(word: str, sense: Sense) -> None:
    assert senses.of(word) is sense


@given(st.integers(10_000, 10**12))
def test_five_digits_are_never_a_number(number: int) -> None:
    assert senses.of(str(number)) is Sense.UNKNOWN


@given(
    st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%Y%m%d", "%d-%b-%y", "%d.%m.%y", "%d%b%Y", "%b%d,%Y"]),
)
def test_dates_are_unknown(day: datetime.date, form: str) -> None:
    assert senses.of(day.strftime(form)) is Sense.UNKNOWN


@given(st.times(), st.sampled_from(["%H:%M", "%H:%M:%S", "%I:%M"]))
def test_times_are_unknown(time: datetime.time, form: str) -> None:
    assert senses.of(time.strftime(form)) is Sense.UNKNOWN


@given(st.text(max_size=20))
def test_every_word_has_a_sense(word: str) -> None:
    assert senses.of(word) in Sense


@pytest.mark.parametrize(("word", "expected"), [("17.03", True), ("5.12", True), ("5.21", False), ("32.05", False)])
def test_a_day_and_a_month_look_like_a_number(word: str, expected: bool) -> None:
    assert senses.is_dayish(word) is expected


def test_labels_introduce_also_where_they_are_measurements() -> None:
    assert senses.may_introduce("Dr.")
    assert senses.may_introduce("ID:480126")
    assert not senses.may_introduce("BPD")


@given(st.integers(1, 31), st.integers(1, 12), st.sampled_from("LDVA"))
def test_no_letter_before_a_day_and_a_month_makes_a_number_of_it(day: int, month: int, letter: str) -> None:
    assert senses.of(f"{letter}{day:02}.{month:02}") is Sense.UNKNOWN


def test_a_listed_word_behind_its_side_is_exact_and_names_are_told_apart() -> None:
    assert senses.is_exact("RTOVARY")
    assert not senses.is_exact("RTOVRAY")
    assert senses.is_name_too("LONG")
    assert not senses.is_name_too("kidney")
