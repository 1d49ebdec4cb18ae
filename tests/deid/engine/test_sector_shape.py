"""Outlines of broken echoes become the fan, strip or rectangle that they fill; pictures that touch are told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import sector_shape
from tests.deid.engine import painted_screens as screens

SIZE = (screens.ROWS, screens.COLUMNS)


def shapes(mask: np.ndarray, *, render: bool = False) -> list[np.ndarray]:
    found = sector_shape.together(sector_shape.outlines(mask.astype(np.uint8), 0, 0))
    return [sector_shape.filled(outline, SIZE, render=render) > 0 for outline in found]


@settings(max_examples=25, deadline=None)
@given(st.integers(160, 240), st.floats(0, 60), st.floats(150, 220), st.floats(0.3, 0.65))
def test_a_fan_without_its_lower_corners_gets_them_back(x: int, near: float, far: float, half: float) -> None:
    whole = screens.fan(x=x, near=near, far=far, half=half)
    rows, columns = np.mgrid[: screens.ROWS, : screens.COLUMNS]
    bottom = 40 + far * (np.cos(half) + 0.35 * (1 - np.cos(half)))
    seen = whole & ((rows < bottom) | (np.abs(columns - x) < 0.5 * far * np.sin(half)))

    (shape,) = shapes(seen)

    assert (whole & ~shape).sum() <= 0.02 * whole.sum()
    assert (shape & ~screens.near(whole, 4)).sum() <= 0.12 * whole.sum()


def test_a_fan_of_which_one_side_lies_in_a_shadow_is_whole() -> None:
    whole = screens.fan(half=0.7)
    rows, columns = np.mgrid[: screens.ROWS, : screens.COLUMNS]

    (shape,) = shapes(whole & ((rows < 130) | (columns > 185)))

    assert (whole & ~shape).sum() <= 0.02 * whole.sum()
    assert (shape & ~screens.near(whole, 4)).sum() <= 0.05 * whole.sum()


@settings(max_examples=25, deadline=None)
@given(st.integers(10, 80), st.integers(10, 80), st.integers(120, 300), st.integers(100, 200))
def test_a_rectangle_stays_one(x: int, y: int, w: int, h: int) -> None:
    whole = screens.rectangle(x, y, x + w, y + h)

    (shape,) = shapes(whole)

    assert (shape == whole).all()


def test_a_trapezoid_stays_one() -> None:
    whole = screens.polygon((120, 40), (280, 40), (340, 240), (60, 240))

    (shape,) = shapes(whole)

    assert (shape ^ whole).sum() <= 0.03 * whole.sum()


def test_a_strip_of_waves_is_a_rectangle() -> None:
    rows, columns = np.mgrid[: screens.ROWS, : screens.COLUMNS]
    waves = (rows < 220) & (rows > 210 - 60 * np.abs(np.sin(columns / 20))) & (columns > 20) & (columns < 380)

    (shape,) = shapes(waves)

    assert shape[165, 30]


def test_a_render_keeps_its_dark_corners() -> None:
    rows, columns = np.mgrid[: screens.ROWS, : screens.COLUMNS]
    lit = np.hypot((columns - 200) / 120, (rows - 150) / 110) < 1

    (shape,) = shapes(lit, render=True)

    assert shape[45, 85]
    assert not shapes(lit)[0][45, 85]


def test_four_pictures_that_touch_at_a_corner_are_four() -> None:
    left = screens.fan(x=110, apex=10, far=120, half=0.7) | screens.fan(x=110, apex=140, far=120, half=0.7)
    right = screens.fan(x=270, apex=10, far=120, half=0.7) | screens.fan(x=270, apex=140, far=120, half=0.7)

    found = shapes(left | right)

    union = np.any(found, axis=0)
    assert (union & ~screens.near(left | right, 4)).sum() < 0.12 * (left | right).sum()
    assert ((left | right) & ~union).sum() < 0.02 * (left | right).sum()


@pytest.mark.parametrize("gap", [(120, 150), (150, 200)], ids=["narrow", "wide"])
def test_a_shadow_across_a_fan_does_not_part_it(gap: tuple[int, int]) -> None:
    whole = screens.fan(half=0.5)
    above, below = whole.copy(), whole.copy()
    above[gap[0] :], below[: gap[1]] = False, False
    pieces = [sector_shape.outlines(part.astype(np.uint8), 0, 0)[0] for part in (above, below)]

    (one,) = sector_shape.together(pieces)

    assert sector_shape.filled(one, SIZE, render=False)[sum(gap) // 2, 200]


def test_a_fan_above_a_wider_strip_stays_apart_from_it() -> None:
    above = screens.fan(apex=10, far=110, half=0.6).astype(np.uint8)
    below = screens.rectangle(20, 150, 380, 280).astype(np.uint8)
    pieces = [sector_shape.outlines(part, 0, 0)[0] for part in (above, below)]

    assert len(sector_shape.together(pieces)) == 2


def test_a_tinted_fan_is_no_render() -> None:
    whole = screens.fan(half=0.6)

    (shape,) = shapes(whole, render=True)

    assert not shape[60, 90]
    assert (shape & ~screens.near(whole, 4)).sum() <= 0.05 * whole.sum()
