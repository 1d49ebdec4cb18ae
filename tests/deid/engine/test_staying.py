"""Words stay or go with their row: labels, identifiers in parts, dates in parts, strangers and gaps."""

import string
from datetime import date, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deid.engine import vocabulary
from deid.engine.policy import KeptText, Policy
from deid.engine.reading import Text
from deid.engine.staying import unexplained, words_that_stay

HEIGHT = 12


def row(*words: str | tuple[str, float], y: int = 100, x: int = 60) -> list[Text]:
    """Print words side by side, each as wide as its letters; a tuple adds how sure the reader was."""
    made = []
    for item in words:
        word, confidence = item if isinstance(item, tuple) else (item, 95.0)
        made.append(Text(x, y, 8 * len(word), HEIGHT, 0, 0, words=word, confidence=confidence))
        x += 8 * len(word) + 8
    return made


def line_of(words: list[Text], *, more: int = 0) -> Text:
    right = max(word.x + word.w for word in words)
    return Text(words[0].x, words[0].y, right - words[0].x + more, HEIGHT, 0, 0)


def staying(
    words: list[Text], lines: list[Text] | None = None, policy: Policy | None = None, name: str = "smith"
) -> list[str]:
    found = words_that_stay(
        [line_of(words)] if lines is None else lines,
        words,
        policy=policy or Policy(),
        matches=lambda text: name in text.casefold().replace(" ", ""),
    )
    return [word.words for word in sorted(found, key=lambda word: (word.y, word.x))]


@pytest.mark.parametrize(
    "words",
    [
        ("BPD", "5.21", "cm", "21w3d"),
        ("+", "D1", "=", "4.02", "cm"),
        ("EFW", "2593", "g"),
        ("EFW", "25939"),
        ("FHR", "148", "bpm"),
        ("+/-", "1d"),
        ("RT", "KIDNEY"),
        ("DR", "60"),
        ("RV",),
        ("5.21",),
        (("HC", 30.0), ("26.47cm", 81.0)),
        (("RI", 48.0), ("0.65", 48.0)),
        ("EFW", "3197"),
        ("LT",),
        ("4", "CHAMBER"),
        ("Long",),
        ("RT", "Long"),
        ("1L", "4.14", "cm"),
        ("1L4.51cm",),
        ("RTOVARY",),
        ("EFW1712g",),
        ("EFU", "2860", "g"),
        ("Yol", "149.4", "nl"),
        ("NT", "1.6", "mr"),
        ("HC", "26.47", "crn"),
        ("AFI_10.8", "cnr"),
        ("Rl", "0.47"),
        ("P1", "1.05"),
        ("PS", "80.3", "cm/5"),
    ],
    ids=lambda words: " ".join(word if isinstance(word, str) else word[0] for word in words),
)
def test_rows_of_measurements_and_anatomy_stay(words: tuple[str | tuple[str, float], ...]) -> None:
    assert len(staying(row(*words))) == len(words)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("ID:", "480", "126"), []),
        (("Op:", "AC"), []),
        (("of",), []),
        (("cm",), []),
        (("lb",), []),
        (("PI",), []),
        ((("RV", 80.0),), []),
        (("Baby", "3"), []),
        (("SCAR",), []),
        (("Left", "L."), []),
        (("Kidney", ("Okafo", 0.0)), ["Kidney"]),
        ((("Kidney", 80.0), ("Okafo", 0.0)), []),
        (("EFW", "1997"), ["EFW"]),
        (("Name", "Long", "Head"), []),
        (("Dr.", "Long"), []),
        (("AC", "Okafor"), []),
        (("17", "Okafor"), []),
        (("17.03", "2026"), []),
        (("17", "MAR", "2026"), []),
        (("17.03",), []),
        (("42",), []),
        (("1993",), []),
        (("LMP", "12.03"), ["LMP"]),
        (("LMP", "21w3d"), ["LMP", "21w3d"]),
        (("SMITH", "AC", "5.2"), []),
        (("SMI", "TH", "kidney"), []),
        (("Okafor", "26.98", "cm"), ["26.98", "cm"]),
        (("boy",), []),
        (("=",), []),
        ((("AC", 40.0),), []),
        (("Okafor", "Long"), []),
        (("Long", "12345"), []),
        (("Val", "Okafor"), []),
        (("mr", "Okafor"), []),
        (("26.47", "Okafor", "crn"), []),
        (("crn",), []),
        (("Mr", "Kidney"), []),
        (("17.03", "mr", "Okafor"), []),
        (("EFU", "2860"), []),
        (("Val", "1987"), []),
        (("HEAD", "0"), ["HEAD"]),
        ((("Kidney", 90.0), ("4", 20.0)), ["Kidney"]),
        (("HEAD", "T"), ["HEAD"]),
    ],
    ids=str,
)
def test_rows_that_identify_go(words: tuple[str | tuple[str, float], ...], left: list[str]) -> None:
    assert staying(row(*words)) == left


def test_nothing_stays_where_the_clinic_keeps_nothing() -> None:
    assert staying(row("BPD", "5.21"), policy=Policy(text=KeptText.NOTHING)) == []


def test_a_short_word_goes_where_its_line_holds_more_than_was_read() -> None:
    words = row("LT")
    assert staying(words) == ["LT"]
    assert staying(words, [line_of(words, more=60)]) == []
    assert staying(row("Kidney"), [line_of(row("Kidney"), more=60)]) == ["Kidney"]


def test_rows_above_each_other_do_not_decide_for_each_other() -> None:
    upper, lower = row("Okafor", y=60), row("AC", "5.2", y=100)
    assert staying([*upper, *lower], [line_of(upper), line_of(lower)]) == ["AC", "5.2"]


def test_a_surer_reading_of_the_same_place_counts() -> None:
    (listed,), (other,) = row(("Kidney", 40.0)), row(("Sidney", 90.0))
    assert staying([listed, other], [line_of([listed])]) == []
    (unsure,) = row(("Sidney", 45.0))
    assert staying([listed, unsure], [line_of([listed])]) == ["Kidney"]


def test_a_place_wider_than_its_letters_was_not_read() -> None:
    wide = Text(60, 100, 60, HEIGHT, 0, 0, words="AC", confidence=95.0)
    assert staying([wide]) == []


def test_parts_that_nothing_explains_are_found() -> None:
    words = row("BPD", "5.21")
    line = line_of(words, more=40)
    (rest,) = unexplained(line, words)
    assert rest.x == words[-1].x + words[-1].w
    assert unexplained(line_of(words), words) == []
    assert unexplained(line, []) == [line]
    above = Text(60, 80, 60, HEIGHT, 0, 0, words="BPD", confidence=95.0)
    assert unexplained(line, [above]) == [line]


LETTERS = st.text(string.ascii_letters, min_size=2, max_size=12)
BESIDE = st.sampled_from([(), ("HEAD",), ("BPD", "5.21", "cm"), ("RT", "KIDNEY"), ("4.2", "mm"), ("GA", "21w3d")])


@st.composite
def unknown_words(draw: st.DrawFn) -> str:
    """Return letters that are no kept word, nor one misread, nor a unit or an index of flow misread."""
    word = draw(LETTERS)
    folded = word.casefold()
    assume(vocabulary.group_of(folded) is None)
    assume(not vocabulary.is_one_away(folded, vocabulary.kept(vocabulary.Group.MEASUREMENTS)))
    assume(len(word) > 4 and not folded.startswith(("rt", "lt", "rl", "ll", "re", "li")))
    return word


@pytest.mark.requirement("R30")
@given(unknown_words(), BESIDE, st.booleans())
def test_no_unknown_word_stays_beside_anything(word: str, beside: tuple[str, ...], first: bool) -> None:
    assert word not in staying(row(*((word, *beside) if first else (*beside, word))))


@pytest.mark.requirement("R30")
@given(
    st.dates(date(1920, 1, 1), date(2035, 12, 31)),
    st.sampled_from(
        [
            "%d.%m.%Y",
            "%m/%d/%Y",
            "%Y-%m-%d",
            "%Y%m%d",
            "%d-%b-%y",
            "%d.%m.%y",
            "%d %b %Y",
            "%b %d, %Y",
            "%d %m %Y",
            "%Y",
        ]
    ),
    BESIDE,
)
def test_no_date_stays_in_any_form(day: date, form: str, beside: tuple[str, ...]) -> None:
    printed = day.strftime(form).split()
    found = staying(row(*beside, *printed))
    assert not (set(printed) & set(found) - set(beside))


@pytest.mark.requirement("R30")
@given(st.times(), st.sampled_from(["%H:%M", "%H:%M:%S", "%I:%M"]), BESIDE)
def test_no_time_stays(clock: time, form: str, beside: tuple[str, ...]) -> None:
    assert clock.strftime(form) not in staying(row(*beside, clock.strftime(form)))


@pytest.mark.requirement("R30")
@given(st.integers(1000, 10**12), st.sampled_from(["", "A", "MRN", "US", "P"]), BESIDE)
def test_no_long_number_stays(number: int, prefix: str, beside: tuple[str, ...]) -> None:
    assert f"{prefix}{number}" not in staying(row(*beside, f"{prefix}{number}"))


@pytest.mark.requirement("R30")
@given(st.sampled_from(sorted(vocabulary.kept(vocabulary.Group.NAMES))), unknown_words())
def test_words_that_are_names_too_go_with_whatever_is_strange(word: str, stranger: str) -> None:
    assert staying(row(stranger, word)) == []
    assert staying(row(word, stranger)) == []
    assert staying(row(word)) == [word]


def test_words_above_an_identifier_stay_and_those_beside_it_go() -> None:
    name, above = row("SMITH", y=100), row("PLACENTA", y=82)
    assert staying([*name, *above], [line_of(name), line_of(above)]) == ["PLACENTA"]
    assert staying(row("SMITH", "PLACENTA")) == []
