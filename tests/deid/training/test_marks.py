"""Marks that are not text."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator

from deid.training import marks
from deid.training.fonts import OUTLINES
from deid.training.glass import Glass
from deid.training.lettering import Style
from deid.training.texts import Kind

MARKS = (
    marks.calipers,
    marks.ellipse,
    marks.trace,
    marks.region,
    marks.guide,
    marks.heartbeat,
    marks.body_mark,
    marks.grid,
    marks.hatching,
    marks.arrows,
    marks.shapes,
)


def dark() -> Glass:
    area = np.zeros((240, 320), bool)
    area[40:220, 30:300] = True
    return Glass(np.zeros((240, 320, 3), np.uint8), area)


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.__name__)
def test_a_mark_changes_the_picture_and_no_label(mark: Callable[[Generator, Glass], None]) -> None:
    glass = dark()
    mark(np.random.default_rng(2), glass)
    assert glass.pixels.any()
    assert not glass.labels.any()
    assert not glass.ignored.any()


@pytest.mark.parametrize("seed", range(8))
def test_marks_fit_pictures_of_any_size(seed: int) -> None:
    area = np.zeros((90, 70), bool)
    area[20:30, 20:34] = True
    glass = Glass(np.zeros((90, 70, 3), np.uint8), area)
    marks.scatter(np.random.default_rng(seed), glass, fewest=11, most=12)
    assert glass.pixels.any()


def test_machines_draw_few_kinds_of_marks() -> None:
    drawn = []
    for seed in range(12):
        glass = dark()
        marks.measure(np.random.default_rng(seed), glass)
        drawn.append(bool(glass.pixels.any()))
        assert not glass.labels.any()
    assert 4 < sum(drawn) < 12


@pytest.mark.parametrize("shape", ["plus", "cross", "gap", "diamond", "tee", "square", "star", "dot"])
def test_a_sign_stays_within_its_reach(shape: str) -> None:
    glass = dark()
    marks.sign(glass.pixels, (100, 100), shape, reach=5, colour=(255, 255, 255))
    ys, xs = np.nonzero(glass.pixels.any(axis=2))
    assert len(ys)
    assert abs(ys - 100).max() <= 5
    assert abs(xs - 100).max() <= 5


@pytest.mark.usefixtures("typefaces")
def test_what_the_pointer_hides_is_no_longer_text() -> None:
    glass = dark()
    style = Style(OUTLINES[0], 20, (0, 255, 0))
    for row in range(30, 240, 26):
        glass.write(np.random.default_rng(0), "M" * 13, (4, row), style, kind=Kind.NOTE)
    marks.point(np.random.default_rng(0), glass)
    white = (glass.pixels == 255).all(axis=2)
    assert white.any()
    assert not glass.labels[white].any()
