"""Words that tell the sex of a child are known in many languages and when misread; no kept word is one of them."""

import pytest

from deid.engine.transliteration import plain
from deid.engine.vocabulary import Group, described, kept, shape, tells_sex


@pytest.mark.parametrize(
    "words",
    [
        "boy",
        "It's a boy!",
        "ITSABOY",
        "B0Y",
        "GIRL",
        "G1RL",
        "qirl",
        "male",
        "MA1E",
        "female",
        "Fernale",
        "femaie",
        "gender:",
        "Junge",
        "Mädchen",
        "Maedchen",
        "NIÑO",
        "niña",
        "garçon",
        "garcon",
        "fille",
        "femmina",
        "chłopiec",
        "мальчик",
        "♂",
        "♀",
        "XY",
        "scrotum",
        "hamburger sign",
    ],
)
def test_words_that_tell_the_sex(words: str) -> None:
    assert tells_sex(words)


@pytest.mark.parametrize(
    "words", ["", "...", "5.21 cm", "femur", "head", "Kidney left", "FL 21w3d", "profile", "Malek"]
)
def test_words_that_do_not_tell_it(words: str) -> None:
    assert not tells_sex(words)


@pytest.mark.parametrize("group", Group)
def test_no_kept_word_tells_the_sex(group: Group) -> None:
    assert [word for word in sorted(kept(group)) if tells_sex(word)] == []


def test_groups_are_apart_and_folded() -> None:
    measurements, anatomy = kept(Group.MEASUREMENTS), kept(Group.ANATOMY)

    assert measurements
    assert anatomy
    assert not measurements & anatomy
    assert all(word == plain(word) for word in measurements | anatomy)


def test_shapes_are_what_a_reader_confuses() -> None:
    assert shape(plain("FERNUR")) == shape(plain("femur"))
    assert shape(plain("KlDNEY")) == shape(plain("K1DNEY")) == shape(plain("kidney"))
    assert shape(plain("0VARY")) == shape(plain("ovary"))
    assert shape(plain("heart")) != shape(plain("head"))


def test_words_of_descriptions_are_found_folded() -> None:
    assert described()["schilddruse"] == "Schilddrüse"
    assert described()["2nd"] == "2nd"
