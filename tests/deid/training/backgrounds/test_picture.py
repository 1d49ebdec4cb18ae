"""One grey picture."""

from dataclasses import replace

import numpy as np
import pytest

from deid.training.backgrounds import beams, finishes
from deid.training.backgrounds.families import STRANGE, TRAINING
from deid.training.backgrounds.family import Family, look
from deid.training.backgrounds.picture import echoes, grey, view


@pytest.mark.parametrize("family", [TRAINING, STRANGE], ids=["training", "held-out"])
@pytest.mark.parametrize("size", [(240, 330), (330, 150), (40, 60)], ids=str)
def test_a_picture_has_its_size_and_says_where_it_shows(family: Family, size: tuple[int, int]) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        cell = view(rng, family, look(rng, family), size)
        assert cell.pixels.shape == (*size, 3)
        assert cell.inside.shape == size
        assert 0.08 < cell.inside.mean() <= 1
        assert (cell.spatial_format, cell.data_type) == (1, 1)


def test_most_pictures_are_neither_black_nor_white() -> None:
    means = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        cell = view(rng, TRAINING, look(rng, TRAINING), (200, 260))
        means.append(float(cell.pixels[cell.inside].mean()))
    assert 12 < np.median(means) < 90


def test_echoes_have_the_shape_of_their_beams() -> None:
    rng = np.random.default_rng(5)
    seen = beams.convex(rng, 200, 300)
    bright = echoes(rng, TRAINING, look(rng, TRAINING), seen, (200, 300))
    assert bright.shape == seen.shape
    assert np.isfinite(bright).all()


def test_the_power_law_darkens_the_middle() -> None:
    seen = replace(look(np.random.default_rng(6), TRAINING), finish=finishes.plain)
    middle = np.full((3, 3), 0.5, np.float32)
    assert grey(middle, replace(seen, gamma=2.0)).max() < grey(middle, replace(seen, gamma=1.0)).min()
