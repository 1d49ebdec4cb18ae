"""Many values are found in one pass, in every encoding; in pictures only those that are there by no chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import needles
from deid.engine.containers import Kind
from deid.engine.needles import Needles

pytestmark = pytest.mark.requirement("R32")

VALUES = (
    "ellingsen",
    "maren ellingsen",
    "ellingsen^maren",
    "48-206117",
    "1.2.826.0.1.3680043.8.498.4711",
    "rehn",
    "4711",
)
MANY = [f"{name}{number}" for name in ("anna", "berta", "carla", "dora") for number in range(250)]
KNOWN = Needles(VALUES)
SIZE = 1 << 20


def pictures(seed: int, size: int = SIZE) -> dict[Kind, bytes]:
    """Return bytes as even as coded data, and samples that wander by a tone at most, among the digits."""
    random = np.random.default_rng(seed)
    folded = np.abs((np.cumsum(random.integers(-1, 2, size)) % 18) - 9)
    return {
        Kind.CODED: random.integers(0, 256, size, dtype=np.uint8).tobytes(),
        Kind.SAMPLES: (48 + folded).astype(np.uint8).tobytes(),
    }


def wandering(count: int) -> list[str]:
    """Return numbers of eight digits that wander as the samples do: every one of them is in every such picture."""
    return [pictures(99, 8 * count)[Kind.SAMPLES][8 * place : 8 * place + 8].decode() for place in range(count)]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("lead", range(5))
def test_every_value_is_found_at_every_place(value: str, encoding: str, lead: int) -> None:
    assert KNOWN.in_text(b"!" * lead + value.upper().encode(encoding) + b"!")


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("müller", "latin-1"),
        ("wałęsa", "iso8859-2"),
        ("иванова", "iso8859-5"),
        ("παπαδοπούλου", "iso8859-7"),
        ("山田花子", "shift_jis"),
        ("山田花子", "euc_jp"),
        ("山田花子", "iso2022_jp"),
        ("김희중", "euc_kr"),
        ("王小东", "gb18030"),
    ],
)
def test_a_name_in_its_own_character_set_is_found(name: str, encoding: str) -> None:
    for form in (name, name.title(), name.upper()):
        assert Needles([name]).in_text(b"<" + form.encode(encoding) + b">")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"rehn", True),
        (b"xrehn", False),
        (b"rehny", False),
        (b"3rehn4", True),
        (b"4711", True),
        (b"04711", False),
        (b"47112", False),
        (b"a4711b", True),
        (b"xellingsenx", True),
    ],
)
def test_a_short_value_stands_by_itself(text: bytes, expected: bool) -> None:
    assert KNOWN.in_text(text) is expected


def test_a_value_across_two_pieces_is_found() -> None:
    text = bytes(SIZE - 4) + b"1.2.826.0.1.3680043.8.498.4711" + bytes(SIZE)
    assert KNOWN.in_text(text)
    assert KNOWN.in_picture(text, Kind.SAMPLES, size=len(text))


@given(st.sampled_from(list(Kind)[1:]), st.integers(0, SIZE - 100), st.integers(0, 1000))
@settings(deadline=None, max_examples=25)
def test_a_long_value_planted_in_a_picture_is_found(kind: Kind, place: int, seed: int) -> None:
    for value in (b"1.2.826.0.1.3680043.8.498.4711", "Maren Ellingsen".encode("utf-16-le")):
        picture = pictures(seed)[kind]
        assert KNOWN.in_picture(picture[:place] + value + picture[place + len(value) :], kind, size=SIZE)


@pytest.mark.parametrize("seed", range(6))
def test_no_picture_holds_a_value_by_chance(seed: int) -> None:
    """A thousand short values, each of which occurs in text, in six megabytes of either kind."""
    known = Needles([*MANY, *wandering(50)])
    for kind, picture in pictures(seed).items():
        assert not known.in_picture(picture, kind, size=SIZE)


def test_the_worth_of_a_value_is_counted_in_bits() -> None:
    assert needles.worths([b"abc", b"a1"], Kind.CODED) == [21, 15]
    assert needles.worths([b"11111111", b"m\0u\0s\0"], Kind.SAMPLES) == [0, 30]


@pytest.mark.parametrize(("size", "expected"), [(1 << 12, True), ((1 << 20) - 1, True), (1 << 21, False)])
def test_a_larger_picture_asks_for_more(size: int, expected: bool) -> None:
    """Six letters and a digit are worth 50 bits: enough for a million bytes and no more."""
    assert needles.worths([b"abcdef1"], Kind.CODED) == [50]
    picture = bytes(size - 7) + b"abcdef1"
    assert Needles(["abcdef1"]).in_picture(picture, Kind.CODED, size=size) is expected


def test_nothing_to_look_for() -> None:
    assert not Needles([]).in_text(b"anything")
    assert not Needles([]).in_picture(b"anything", Kind.CODED, size=8)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_searched(data: bytes) -> None:
    assert KNOWN.in_text(data) is any(_plain(value, data) for value in VALUES)


def _plain(value: str, data: bytes) -> bool:
    """Search slowly; chance bytes hold none of the values, so this says no."""
    return any(value.encode(encoding) in data.lower() for encoding in ("ascii", "utf-16-le", "utf-16-be"))
