"""Speckle by all the ways of making it."""

import numpy as np
import pytest

from deid.training.backgrounds import speckle as ways
from deid.training.backgrounds.speckle import Grain, speckle

SOURCES = (
    ways.rayleigh,
    ways.compounded,
    ways.clustered,
    ways.reduced,
    ways.layered,
    ways.ringed,
    ways.peppered,
    ways.woven,
)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
def test_every_way_gives_finite_grain_of_one_strength(source: ways.Source) -> None:
    grain = speckle(np.random.default_rng(1), Grain(source, 0.9, 1.4), (400, 500), zoom=1.0)
    assert grain.shape == (400, 500)
    assert np.isfinite(grain).all()
    assert abs(float(grain.mean())) < 0.3
    assert 0.6 < float(grain.std()) < 1.4


def test_lateral_smear_is_wider_than_the_axial_grain() -> None:
    grain = speckle(np.random.default_rng(2), Grain(ways.rayleigh, 0.8, 3.0), (300, 300), zoom=1.0)
    assert np.abs(np.diff(grain, axis=1)).mean() < np.abs(np.diff(grain, axis=0)).mean()


def test_compounding_calms() -> None:
    single, calm = (way(np.random.default_rng(3), 0.9, 1.4) for way in (ways.rayleigh, ways.compounded))
    assert calm.std() < 0.8 * single.std()
