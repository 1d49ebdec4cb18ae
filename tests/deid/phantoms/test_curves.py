"""Outlines."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.phantoms.curves import along, between, ellipse, limb, scattered, smooth

POINTS = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=3, max_size=9)


@given(POINTS)
def test_a_closed_curve_passes_through_its_points_and_ends_where_it_began(
    points: list[tuple[float, float]],
) -> None:
    curve = smooth(points)
    assert curve[0] == pytest.approx(curve[-1])
    for point in points:
        assert min(math.dist(point, place) for place in curve) < 1e-6


@given(POINTS)
def test_an_open_curve_keeps_its_ends(points: list[tuple[float, float]]) -> None:
    curve = smooth(points, closed=False)
    assert curve[0] == pytest.approx(points[0])
    assert curve[-1] == pytest.approx(points[-1])


@given(st.floats(0.1, 5), st.floats(0.1, 5), st.floats(-90, 90))
def test_an_ellipse_keeps_between_its_radii(across: float, down: float, tilt: float) -> None:
    low, high = sorted((across, down))
    for point in ellipse((1, 2), across, down, tilt=tilt):
        assert low - 1e-9 <= math.dist(point, (1, 2)) <= high + 1e-9


def test_a_limb_tapers() -> None:
    outline = limb((0, 0), (4, 0), 1.0, 0.5)
    assert max(y for x, y in outline if x < 1) == pytest.approx(1.0, abs=0.02)
    assert max(y for x, y in outline if x > 3) == pytest.approx(0.5, abs=0.02)


def test_between_and_along_share_a_line() -> None:
    assert between((0, 0), (2, 4), 0.5) == (1, 2)
    assert along([(0, 0), (2, 0), (2, 2)], 5) == [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2)]


def test_scattering_is_deterministic_and_small() -> None:
    points = [(0.0, 0.0), (1.0, 1.0)]
    one = scattered(points, 0.01, np.random.default_rng(1))
    assert one == scattered(points, 0.01, np.random.default_rng(1))
    assert all(math.dist(a, b) < 0.1 for a, b in zip(points, one, strict=True))
