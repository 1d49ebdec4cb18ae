"""Filling a screen with text."""

import numpy as np
import pytest

from deid.training import placing
from deid.training.glass import Glass
from deid.training.people import invent
from deid.training.writer import Writer, take_up

pytestmark = pytest.mark.usefixtures("typefaces")


def fresh(seed: int, *, held_out: bool) -> Writer:
    rng = np.random.default_rng(seed)
    area = np.zeros((600, 800), bool)
    area[100:560, 150:640] = True
    glass = Glass(np.full((600, 800, 3), 15, np.uint8), area)
    return take_up(rng, glass, invent(rng, held_out=held_out), held_out=held_out)


@pytest.mark.parametrize("held_out", [False, True], ids=["training", "exam"])
@pytest.mark.parametrize("seed", range(4))
def test_a_whole_screen_identifies_somebody(seed: int, held_out: bool) -> None:
    writer = fresh(seed, held_out=held_out)
    placing.lay_out(writer)
    assert len(writer.glass.lines) >= 4
    assert any(line.identifying for line in writer.glass.lines)


def test_hidden_texts_are_many_and_some_are_of_other_scripts() -> None:
    writer = fresh(1, held_out=False)
    writer.glass.pixels[:] = 90
    placing.hide(writer, 60)
    assert len(writer.glass.lines) > 25
    assert any(not line.text.isascii() for line in writer.glass.lines)


@pytest.mark.parametrize("held_out", [False, True], ids=["training", "exam"])
def test_scattered_texts_lie_mostly_in_the_picture(held_out: bool) -> None:
    writer = fresh(1, held_out=held_out)
    placing.scatter(writer, 60)
    ink = writer.glass.labels > 0
    assert len(writer.glass.lines) > 30
    assert ink[writer.glass.area].sum() > 0.45 * ink.sum()
