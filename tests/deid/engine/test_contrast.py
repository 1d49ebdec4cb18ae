"""The colour in which print shows best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import contrast

GROUNDS = {"white on black": ((10, 10, 10), (240, 240, 240)), "black on white": ((240, 240, 240), (10, 10, 10))}
GROUNDS |= {"red on grey": ((90, 90, 90), (150, 80, 70)), "blue on orange": ((190, 120, 40), (90, 120, 160))}


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


@given(st.integers(0, 10_000))
def test_views_that_cannot_be_clearer_change_nothing(seed: int) -> None:
    """Each view that is left out shows less than the one that counts."""
    rng = np.random.default_rng(seed)
    grey = rng.integers(0, 200, (12, 40, 1)).astype(np.uint8)
    tint = rng.integers(0, rng.integers(1, 50), 3).astype(np.uint8)
    window = np.asarray(grey + tint, dtype=np.uint8)
    shown = contrast.clearest(window)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contrast, "_at_best", lambda _plane: np.inf)
        assert np.array_equal(contrast.clearest(window), shown)
