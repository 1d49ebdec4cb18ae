"""Every printed form of an invented identity is recognised, and hardly any kept word by accident."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.dates import Moments
from deid.engine.identifiers import Identifiers
from deid.engine.likeness import Forms, fold, squash
from deid.engine.profile_table import words
from deid.engine.vocabulary import Group, kept

FAMILIES = sorted(
    words(
        "Achterberg Brightwater Castellanos Dunmore Grünewald Lindqvist Moravec Nakamura Oyelaran Rasmussen Whitcombe "
        "O'Rourke Smith-Larsen Müller Peña Søderström Çelik Dvořák Łukasik Ruiz Tan Kaur Bell Cole Haddad Okafor Pham "
        "Кузнецова Παπαδοπούλου 山田"
    )
)
GIVEN = sorted(
    words("Amara Beatrix Carmen Fatima Ingrid Katarina Leonie Priya Rosa Ursula Zoë Anna-Lena Eve Ida Mia Åsa")
)
PERSONS = st.tuples(st.sampled_from(FAMILIES), st.sampled_from(GIVEN))
DAYS = st.dates(datetime.date(1930, 1, 1), datetime.date(2030, 12, 31))
MONTHS = dict(
    enumerate(
        (
            "January",
            "Februar",
            "mars",
            "abril",
            "Mai",
            "juin",
            "Julio",
            "August",
            "septiembre",
            "OKT",
            "nov.",
            "décembre",
        ),
        1,
    )
)


def named(family: str, given: str) -> Identifiers:
    return Identifiers(names=frozenset({family, given}), persons=frozenset({(family, given)}))


@given(
    PERSONS,
    st.sampled_from(
        [
            "{f}, {g}",
            "{F} {G}",
            "{g} {f}",
            "{F}^{G}",
            "{F}_{G}",
            "{f}{g}",
            "{i}. {f}",
            "{F} {i}",
            "Name: {f}, {g} M.",
            "Mrs. {g} {f}",
            "Baby of {f}",
            "{F}",
            "{t}...",
        ]
    ),
)
def test_names_in_every_form(person: tuple[str, str], form: str) -> None:
    family, given = person
    text = form.format(
        f=family, g=given, F=family.upper(), G=given.upper(), i=given[0], t=f"{family}, {given}"[: max(5, len(family))]
    )
    assert named(family, given).matches(text)


@given(st.sampled_from([name for name in FAMILIES if len(name) >= 5 and name.isascii() and name.isalpha()]), st.data())
def test_names_cut_or_misread(family: str, data: st.DataObject) -> None:
    known = named(family, "Eve")
    assert known.matches(family[: data.draw(st.integers(3, len(family)))])
    place = data.draw(st.integers(0, len(family) - 1))
    assert known.matches(family[:place] + "x" + family[place + 1 :])


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Müller", "MUELLER"),
        ("Mueller", "Müller"),
        ("Кузнецова", "KUZNETSOVA"),
        ("Παπαδοπούλου", "Papadopoulou"),
        ("O'Rourke", "OROURKE"),
        ("Smith-Larsen", "LARSEN"),
        ("Bell", "BE11"),
        ("Wu", "Frau Wu"),
        ("Eva", "EVA"),
    ],
)
def test_names_in_other_spellings(name: str, printed: str) -> None:
    assert named(name, "Quentina").matches(printed)


@given(
    DAYS,
    st.sampled_from(
        [
            "{d}.{m}.{y}",
            "{m}/{d}/{y}",
            "{y}-{m:02}-{d:02}",
            "{y}{m:02}{d:02}",
            "{d:02}{m:02}{y}",
            "{d:02} {m:02} {y}",
            "{d}. {n} {y}",
            "{n} {d}, {y}",
            "{n} {d}th, {y}",
            "{d} de {n} de {y}",
            "{d:02}-{n}-{s:02}",
            "{d:02}.{m:02}.{s:02}",
            "DOB {m}/{d}/{s:02}",
        ]
    ),
)
def test_dates_in_every_form(day: datetime.date, form: str) -> None:
    known = Identifiers(moments=Moments.of([day.strftime("%Y%m%d")]))
    text = form.format(d=day.day, m=day.month, y=day.year, s=day.year % 100, n=MONTHS[day.month])
    assert known.matches(text)


@pytest.mark.parametrize(
    "printed",
    [
        "MRN 00048213",
        "48213",
        "000-482-13",
        "0004 8213",
        "OOO48213",
        "ID:0004821",
        "0048213",
        "00048218",
        "#00048213/2",
    ],
)
def test_numbers_in_every_form(printed: str) -> None:
    assert Identifiers(codes=frozenset({"00048213"})).matches(printed)


@pytest.mark.parametrize("printed", ["48 21", "4.82", "13", "213 bpm", "99999999"])
def test_other_numbers_are_others(printed: str) -> None:
    assert not Identifiers(codes=frozenset({"00048213"})).matches(printed)


@pytest.mark.parametrize(
    "printed", ["Klinikum Lindenhof", "LINDENHOF", "Klinik. Lindenh", "Lindenh0f", "Lindenhof General", "KLINIKUM LIND"]
)
def test_places_in_every_form(printed: str) -> None:
    assert Identifiers(places=frozenset({"Klinikum Lindenhof"})).matches(printed)


@pytest.mark.parametrize("printed", ["General", "Hospital", "University Heart Center", "Ultrasound"])
def test_common_words_are_no_places(printed: str) -> None:
    assert not Identifiers(places=frozenset({"Lindenhof General Hospital"})).matches(printed)


def test_more_places_can_be_added() -> None:
    known = Identifiers().also(["St. Anna", "Nordbau"])
    assert known.matches("ST ANNA")
    assert known.matches("nordbau 3")
    assert not known.matches("Placenta")


def test_kept_words_are_hardly_ever_names() -> None:
    harmless = sorted(set().union(*(kept(group) for group in Group)))
    people = [named(family, given) for family in FAMILIES for given in GIVEN][::7]
    hits = sum(known.matches(word) for known in people for word in harmless)
    assert hits <= 0.002 * len(harmless) * len(people)


@given(st.text(max_size=40))
def test_nothing_known_matches_nothing(text: str) -> None:
    assert not Identifiers().matches(text)


def test_folded_forms() -> None:
    assert fold("B0Ol") == fold("8oo1")
    assert squash("000-482 13") == "00048213"
    assert "Okafor" not in repr(Forms.of(["Okafor"], [], codes=[], places=[]))
