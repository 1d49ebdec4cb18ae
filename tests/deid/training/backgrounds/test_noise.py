"""Noise over pictures and traces."""

import numpy as np
import pytest

from deid.training.backgrounds.families import TRAINING
from deid.training.backgrounds.family import Cell
from deid.training.backgrounds.noise import noisy


def even() -> Cell:
    inside = np.zeros((120, 160), np.bool_)
    inside[20:110, 10:150] = True
    return Cell(np.full((120, 160, 3), 70, np.uint8), inside, 2, 1)


@pytest.mark.parametrize("seed", range(6))
def test_noise_stays_within_the_picture_and_keeps_its_region(seed: int) -> None:
    cell = noisy(np.random.default_rng(seed), TRAINING, even())
    assert (cell.pixels[~cell.inside] == 70).all()
    assert cell.pixels.dtype == np.uint8
    assert (cell.spatial_format, cell.data_type) == (2, 1)


def test_most_cells_are_noisy_and_none_is_all_noise() -> None:
    cells = [noisy(np.random.default_rng(seed), TRAINING, even()) for seed in range(60)]
    spreads = np.array([cell.pixels[cell.inside].std() for cell in cells])
    assert 0.55 < (spreads > 1).mean() < 0.95
    assert spreads.max() < 80
