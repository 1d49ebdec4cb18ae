"""The pieces of layouts."""

import numpy as np
import pytest

from deid.training import pieces
from deid.training.glass import Glass
from deid.training.people import invent
from deid.training.texts import Kind
from deid.training.writer import Writer, take_up

pytestmark = pytest.mark.usefixtures("typefaces")


def fresh(seed: int = 0) -> Writer:
    rng = np.random.default_rng(seed)
    area = np.zeros((600, 800), bool)
    area[100:560, 150:640] = True
    glass = Glass(np.zeros((600, 800, 3), np.uint8), area)
    return take_up(rng, glass, invent(rng, held_out=False), held_out=False)


@pytest.mark.parametrize("seed", range(6))
def test_the_bar_never_covers_the_picture(seed: int) -> None:
    writer = fresh(seed)
    first, step = pieces.bar(writer, 3)
    assert 0 < first < 60
    assert step > 0
    assert not writer.glass.pixels[100:].any()


def test_a_head_always_names() -> None:
    rng = np.random.default_rng(0)
    assert all(Kind.NAME in pieces.head(rng, 3, 5) for _ in range(20))


@pytest.mark.parametrize("side", ["left", "right"])
def test_settings_stand_at_their_side(side: str) -> None:
    writer = fresh()
    pieces.settings(writer, side, 80)
    middle = np.nonzero(writer.glass.labels)[1].mean()
    assert (middle < 400) == (side == "left")


def test_results_and_foot_print_something() -> None:
    writer = fresh()
    pieces.results(writer)
    pieces.foot(writer)
    assert len(writer.glass.lines) >= 2


def test_anywhere_is_on_the_screen() -> None:
    writer = fresh()
    assert all(0 <= x < 800 and 0 <= y < 600 for x, y in (pieces.anywhere(writer) for _ in range(50)))
