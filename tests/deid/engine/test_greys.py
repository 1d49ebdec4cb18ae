"""Counted levels say the same as sorted ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import greys
from deid.engine.greys import Greys


def plane_of(seed: int, rows: int, columns: int, spread: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    levels = np.random.default_rng(seed).normal(120, spread, (rows, columns))
    return levels.clip(0, 255).astype(np.uint8)


@given(st.integers(0, 999), st.integers(1, 30), st.integers(1, 30), st.integers(0, 90), st.integers(0, 100))
def test_mean_and_shares_are_those_of_the_pixels(seed: int, rows: int, columns: int, spread: int, share: int) -> None:
    plane = plane_of(seed, rows, columns, spread)
    assert Greys.of(plane).mean == float(plane.mean())
    assert Greys.of(plane).percentile(share) == float(np.percentile(plane, share))
    assert Greys.of(plane).percentile(50) == float(np.median(plane))


@pytest.mark.parametrize("gain", [0.3, 1.0, 7.9])
def test_every_level_changes_as_it_would_alone(gain: float) -> None:
    plane = plane_of(3, 40, 50, 60)
    meant = np.clip((plane - 40.5) * gain, 0, 255).astype(np.uint8)
    assert np.array_equal(greys.changed(plane, lambda levels: (levels - 40.5) * gain), meant)
