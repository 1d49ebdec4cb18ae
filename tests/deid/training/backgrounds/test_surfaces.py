"""Renders of surfaces."""

import numpy as np
import pytest

from deid.training.backgrounds.families import STRANGE, TRAINING
from deid.training.backgrounds.family import Family, Relief
from deid.training.backgrounds.surfaces import render


@pytest.mark.parametrize(
    "relief", [*dict.fromkeys(TRAINING.reliefs), *STRANGE.reliefs], ids=lambda relief: relief.__name__
)
def test_every_relief_has_height_and_cover(relief: Relief) -> None:
    covered = []
    for seed in range(5):
        height, cover = relief(np.random.default_rng(seed), 120, 160)
        assert height.shape == cover.shape == (120, 160)
        assert np.isfinite(height).all()
        covered.append(cover.mean())
    assert max(covered) > 0.15


@pytest.mark.parametrize("family", [TRAINING, STRANGE], ids=["training", "held-out"])
@pytest.mark.parametrize("size", [(500, 420), (48, 60)], ids=str)
def test_a_render_fills_its_place_and_is_lit(family: Family, size: tuple[int, int]) -> None:
    brightest = 0
    for seed in range(4):
        cell = render(np.random.default_rng(seed), family, size)
        assert cell.pixels.shape == (*size, 3)
        assert cell.inside.all()
        brightest = max(brightest, int(cell.pixels.max()))
    assert brightest > 120
