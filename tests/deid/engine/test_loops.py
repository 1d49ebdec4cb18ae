"""A loop ends where it begins."""

import itertools
from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import loops
from deid.engine.loops import Stretch


def turning(count: int, period: float) -> Iterator[loops.Pixels]:
    """A bright bar that comes round every `period` frames."""
    for number in range(count):
        frame = np.zeros((48, 64, 3), np.uint8)
        at = round(number % period * 48 / period)
        frame[:, at : at + 16] = 200
        yield frame


def test_the_stretch_is_a_whole_turn_of_what_turns() -> None:
    stretch = loops.best([loops.glimpse(frame) for frame in turning(100, 32)], rate=20)
    assert stretch.count % 32 == 0
    assert stretch.first >= stretch.faded


def test_the_end_flows_into_the_beginning() -> None:
    film = list(turning(80, 30.5))
    stretch = loops.best([loops.glimpse(frame) for frame in film], rate=20)
    shown = list(loops.frames_of(stretch, film))
    steps = [np.abs(one.astype(int) - two).mean() for one, two in itertools.pairwise(film)]
    seam = np.abs(shown[-1].astype(int) - shown[0]).mean()
    assert seam <= 1.5 * max(steps)
    assert len(shown) == stretch.count


def test_a_short_film_is_taken_whole_and_unfaded() -> None:
    film = list(turning(6, 30))
    stretch = loops.best([loops.glimpse(frame) for frame in film], rate=20)
    assert stretch == Stretch(0, 6, 0)
    assert all(map(np.array_equal, loops.frames_of(stretch, film), film))


@given(st.integers(2, 60), st.floats(1, 60))
def test_every_stretch_lies_within_its_film(count: int, rate: float) -> None:
    glimpses = [np.full((48, 48), number % 7, np.float32) for number in range(count)]
    stretch = loops.best(glimpses, rate)
    assert stretch.first - stretch.faded >= 0
    assert stretch.first + stretch.count <= count
    assert 0 <= stretch.faded <= stretch.count
    frames = [np.full((4, 4, 3), number, np.uint8) for number in range(count)]
    assert len(list(loops.frames_of(stretch, frames))) == stretch.count
