"""Measurements and anatomy words may stay; dates, numbers of people and whatever matches the header may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.findings import Flag
from deid.engine.policy import KeptText, Policy
from deid.engine.reading import Text, flags_of, harmless, is_bare_number, is_letters, is_measure, is_short


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


@pytest.mark.parametrize(
    ("words", "confidence", "passes"),
    [
        ("cerebellum", 25.0, True),
        ("cerebelum", 25.0, False),
        ("cerebelum", 45.0, True),
        ("head", 40.0, False),
        ("head", 50.0, True),
        ("RV", 65.0, False),
        ("RV", 75.0, True),
        ("12.45cm", 25.0, True),
        ("4%", 55.0, False),
        ("=", 45.0, True),
    ],
)
def test_the_longer_a_word_the_less_sure_the_reader_need_be(words: str, confidence: float, passes: bool) -> None:
    assert harmless(text(words, confidence), nobody) is passes


@pytest.mark.parametrize(
    ("policy", "staying"),
    [
        (Policy(), {"BPD", "5.2cm", "kidney", "21w3d"}),
        (Policy(gestational_age=False), {"BPD", "5.2cm", "kidney"}),
        (Policy(text=KeptText.MEASUREMENTS), {"BPD", "5.2cm", "21w3d"}),
        (Policy(text=KeptText.NOTHING, also_kept=("Turbo",)), set()),
        (Policy(text=KeptText.MEASUREMENTS, also_kept=("Turbo",)), {"BPD", "5.2cm", "21w3d", "TURBO"}),
    ],
    ids=["all", "no age", "measurements", "nothing", "own word"],
)
def test_the_policy_decides_what_is_harmless(policy: Policy, staying: set[str]) -> None:
    words = ["BPD", "5.2cm", "kidney", "21w3d", "TURBO", "Okafor", "boy"]
    assert {word for word in words if harmless(text(word), nobody, policy)} == staying


def test_a_clinics_own_word_outranks_no_identifier() -> None:
    assert not harmless(text("Turbo"), lambda words: words == "Turbo", Policy(also_kept=("Turbo",)))


@pytest.mark.parametrize(
    ("words", "confidence", "flagged"),
    [
        ("boy", 90.0, True),
        ("It's a girl", 60.0, True),
        ("xy", 60.0, False),
        ("MA1E", 40.0, True),
        ("HEAD", 95.0, False),
    ],
)
def test_words_that_tell_the_sex_set_the_flag(words: str, confidence: float, flagged: bool) -> None:
    found = flags_of([text("BPD"), text(words, confidence)])
    assert found == (frozenset({Flag.FETAL_SEX}) if flagged else frozenset())


def test_numbers_are_told_apart() -> None:
    assert is_bare_number(text("5.21"))
    assert is_bare_number(text("1993"))
    assert not is_bare_number(text("5.21cm"))
    assert is_measure(text("5.21"))
    assert not is_measure(text("17.03"))
    assert not is_measure(text("32"))
    assert is_short(text("AC"))
    assert not is_short(text("BPD"))


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
