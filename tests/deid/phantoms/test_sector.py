"""The fan and its way to the screen."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from deid.phantoms.sector import Sector, scan_converter

SIZES = st.integers(60, 300)


@given(SIZES, SIZES, st.floats(5, 16), st.sampled_from([0.0, 5.0]))
def test_echoes_stay_within_the_given_rectangle(width: int, height: int, depth: float, radius: float) -> None:
    sector = Sector(10, 20, width, height, depth, radius, 0.6 if radius else 4.0)
    area = scan_converter(sector, height + 40, width + 30).area
    rows, columns = np.nonzero(area)
    assert area.any()
    assert rows.min() >= 20
    assert rows.max() < 20 + height
    assert columns.min() >= 10
    assert columns.max() < 10 + width


def test_a_fan_is_narrow_at_the_top_and_wide_below() -> None:
    area = scan_converter(Sector(0, 0, 400, 300, 12, 5, 0.64), 300, 400).area
    assert area[60].sum() < area[200].sum()
    assert not area[0, 0]


def test_a_strip_is_a_full_rectangle() -> None:
    area = scan_converter(Sector(0, 0, 400, 300, 8, 0, 4.2), 300, 400).area
    rows, columns = np.nonzero(area)
    assert area[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].all()


def test_places_span_the_depth_along_the_middle_beam() -> None:
    sector = Sector(0, 0, 400, 300, 12, 5, 0.64)
    x, y = sector.places()
    middle = x.shape[1] // 2
    assert math.isclose(y[-1, middle], 12, abs_tol=0.05)
    assert abs(y[0, middle]) < 0.05
    assert np.allclose(x[:, 0], -x[:, -1], atol=1e-4)


def test_an_even_field_becomes_an_even_picture() -> None:
    sector = Sector(0, 0, 200, 150, 12, 5, 0.64)
    converter = scan_converter(sector, 150, 200)
    screen = np.zeros((150, 200), np.float32)
    converter.convert(np.full(sector.shape(), 0.5, np.float32), screen)
    assert np.allclose(screen[converter.area], 0.5)
    assert not screen[~converter.area].any()
