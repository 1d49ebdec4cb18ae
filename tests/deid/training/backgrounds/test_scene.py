"""Whole screens of pictures without text."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.training.backgrounds.scene import paint


@given(
    seed=st.integers(0, 2**32),
    rows=st.integers(96, 420),
    columns=st.integers(96, 420),
    held_out=st.booleans(),
    plausible=st.booleans(),
    harsh=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_any_screen_is_whole(seed: int, rows: int, columns: int, held_out: bool, plausible: bool, harsh: bool) -> None:
    painted = paint(np.random.default_rng(seed), rows, columns, held_out=held_out, plausible=plausible, harsh=harsh)
    assert painted.pixels.shape == (rows, columns, 3)
    assert painted.pixels.dtype == np.uint8
    assert painted.area.shape == (rows, columns)
    assert painted.area.dtype == np.bool_
    assert painted.area.any()
    covered = np.zeros((rows, columns), np.bool_)
    for x, y, width, height, spatial_format, data_type in painted.parts:
        assert x >= 0
        assert y >= 0
        assert x + width <= columns
        assert y + height <= rows
        assert spatial_format in {1, 2, 3}
        assert data_type in {1, 2, 3, 4}
        covered[y : y + height, x : x + width] = True
    assert not (painted.area & ~covered).any()


@pytest.mark.parametrize("held_out", [False, True])
def test_equal_generators_give_equal_screens(held_out: bool) -> None:
    first, second = (paint(np.random.default_rng(7), 240, 320, held_out=held_out) for _ in range(2))
    assert np.array_equal(first.pixels, second.pixels)
    assert np.array_equal(first.area, second.area)
    assert first.parts == second.parts


@pytest.mark.parametrize("held_out", [False, True])
def test_screens_are_as_bright_as_real_ones(held_out: bool) -> None:
    inside = []
    for seed in range(40):
        painted = paint(np.random.default_rng(seed), 240, 320, held_out=held_out)
        inside.append(float(painted.pixels[painted.area].mean()))
    assert 15 < np.median(inside) < 70
    assert np.percentile(inside, 90) > np.percentile(inside, 10) + 25


def test_some_pictures_fill_the_screen_and_most_leave_margins() -> None:
    shares = [paint(np.random.default_rng(seed), 160, 200, held_out=False).area.mean() for seed in range(60)]
    assert max(shares) > 0.9
    assert 0.15 < np.median(shares) < 0.75


def test_a_screen_too_small_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        paint(np.random.default_rng(1), 95, 300, held_out=False)
