"""Colour maps."""

import numpy as np
import pytest

from deid.training.backgrounds import tints

GREYS = (tints.GREY, tints.SEPIA, tints.BLUE, tints.CANDLE, tints.COLD, tints.LIFTED, tints.GOLD, tints.JADE, tints.ICE)


@pytest.mark.parametrize("ramp", GREYS, ids=range(len(GREYS)))
def test_grey_maps_grow_brighter_in_every_band(ramp: tints.Ramp) -> None:
    steps = tints.table(ramp).astype(int)
    assert steps.shape == (256, 3)
    assert (np.diff(steps, axis=0) >= 0).all()


def test_flow_maps_are_dark_in_the_middle_and_turn_round() -> None:
    steps = tints.table(tints.RED_BLUE)
    assert steps[128].max() < 90
    assert np.abs(tints.table(tints.BLUE_RED).astype(int) - steps[::-1]).max() <= 1


def test_values_beyond_the_ends_take_the_end_colours() -> None:
    colours = tints.coloured(np.array([-1.0, 0.0, 1.0, 2.0], np.float32), tints.GREY)
    assert colours[:, 0].tolist() == [0, 0, 255, 255]
