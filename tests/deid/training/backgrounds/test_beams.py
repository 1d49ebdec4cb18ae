"""Shapes of transducers: where beams lie and back again."""

import numpy as np
import pytest

from deid.training.backgrounds import beams
from deid.training.backgrounds.beams import Probe, converted

PROBES = (
    beams.convex,
    beams.endocavity,
    beams.phased,
    beams.tilted,
    beams.shallow,
    beams.linear,
    beams.trapezoid,
    beams.slanted,
    beams.radial,
)
NAMED = pytest.mark.parametrize("probe", [*PROBES, beams.panoramic], ids=lambda probe: probe.__name__)


@NAMED
@pytest.mark.parametrize("size", [(300, 420), (420, 190), (40, 40)], ids=str)
def test_every_probe_shows_something_within_its_place(probe: Probe, size: tuple[int, int]) -> None:
    for seed in range(8):
        seen = probe(np.random.default_rng(seed), *size)
        assert seen.inside.shape == seen.sample.shape == seen.beam.shape == size
        assert 0.08 < seen.inside.mean() <= 1


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.__name__)
def test_both_directions_agree(probe: Probe) -> None:
    seen = probe(np.random.default_rng(3), 300, 400)
    across, down = converted(seen.x, seen), converted(seen.y, seen)
    rows, columns = np.nonzero(seen.inside)
    keep = (seen.beam[rows, columns] > 1) & (seen.beam[rows, columns] < seen.shape[1] - 2)
    assert np.abs(across[rows, columns] - columns)[keep].max() < 1.5
    assert np.abs(down[rows, columns] - rows)[keep].max() < 1.5


def test_a_panorama_is_bent() -> None:
    inside = beams.panoramic(np.random.default_rng(1), 300, 500).inside
    tops = inside.argmax(axis=0)
    assert tops.max() - tops.min() > 5


def test_the_apex_of_a_cardiac_fan_is_narrow_and_its_foot_is_wide() -> None:
    inside = beams.phased(np.random.default_rng(2), 400, 600).inside
    widths = inside.sum(axis=1)
    drawn = widths[widths > 0]
    assert drawn[5] * 8 < drawn.max()
