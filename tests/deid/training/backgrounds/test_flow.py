"""Colour over a grey picture."""

import numpy as np
import pytest

from deid.training.backgrounds import flow
from deid.training.backgrounds.families import TRAINING
from deid.training.backgrounds.family import Cell


@pytest.mark.parametrize("laid", [flow.flowing, flow.powered, flow.stiff], ids=lambda laid: laid.__name__)
def test_colour_stays_inside_the_picture_and_is_declared(laid: object) -> None:
    assert callable(laid)
    inside = np.zeros((200, 260), np.bool_)
    inside[20:180, 30:220] = True
    coloured = 0
    for seed in range(10):
        bare = Cell(np.full((200, 260, 3), 60, np.uint8), inside, 1, 1)
        cell = laid(np.random.default_rng(seed), TRAINING, bare)
        changed = (cell.pixels != 60).any(axis=-1)
        beyond = changed.copy()
        beyond[18:182, 28:222] = False
        assert not beyond.any()
        assert cell.data_type == 2
        coloured += int(np.ptp(cell.pixels.astype(int), axis=-1).max() > 60)
    assert coloured >= 7


def test_the_bare_picture_is_not_written_to() -> None:
    pixels = np.full((100, 100, 3), 60, np.uint8)
    flow.stiff(np.random.default_rng(1), TRAINING, Cell(pixels, np.ones((100, 100), np.bool_), 1, 1))
    assert (pixels == 60).all()
