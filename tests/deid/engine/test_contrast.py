"""The colour in which print shows best."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import contrast

GROUNDS = {"white on black": ((10, 10, 10), (240, 240, 240)), "black on white": ((240, 240, 240), (10, 10, 10))}
GROUNDS |= {"red on grey": ((90, 90, 90), (150, 80, 70)), "blue on orange": ((190, 120, 40), (90, 120, 160))}
VIEWS = (contrast.in_one_colour, contrast.thin_strokes)


@pytest.mark.parametrize("name", GROUNDS)
def test_strokes_become_bright_whatever_their_colour(name: str) -> None:
    ground, colour = GROUNDS[name]
    noise = np.random.default_rng(1).integers(-8, 9, (24, 80, 1))
    window = np.clip(np.array(ground) + noise, 0, 255).astype(np.uint8)
    strokes = np.zeros((24, 80), bool)
    strokes[6:18, 10:70:8] = strokes[6:18, 11:71:8] = True
    window[strokes] = colour
    shown = contrast.clearest(window)
    assert shown[strokes].min() > 200
    assert np.median(shown[~strokes]) < 60
    assert np.array_equal(contrast.ink(window, np.ones_like(strokes)) & strokes, strokes)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255))
def test_an_even_window_of_any_size_shows_nothing(rows: int, columns: int, level: int) -> None:
    assert contrast.clearest(np.full((rows, columns, 3), level, np.uint8)).max() == 0


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 255), st.integers(1, 40))
def test_other_views_of_an_even_window_show_nothing(rows: int, columns: int, level: int, tall: int) -> None:
    window = np.full((rows, columns, 3), level, np.uint8)
    assert all(view(window, tall).max() == 0 for view in VIEWS)


def test_other_views_show_the_strokes_of_outlined_print_across_an_edge() -> None:
    window = np.full((24, 80, 3), 60, np.uint8)
    window[:, 40:] = 150
    strokes = np.zeros((24, 80), np.uint8)
    strokes[6:18, 10:70:10] = strokes[6:18, 11:71:10] = 1
    window[cv2.dilate(strokes, np.ones((3, 3), np.uint8)) > 0] = 0
    window[strokes > 0] = (170, 160, 120)
    for shown in (view(window, 12) for view in VIEWS):
        assert shown[strokes > 0].min() > 200
        assert np.median(shown[:, 45:][strokes[:, 45:] == 0]) < 60
