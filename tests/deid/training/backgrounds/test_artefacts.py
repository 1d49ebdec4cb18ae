"""What stands in a picture without being an organ."""

import inspect

import numpy as np
import pytest

from deid.training.backgrounds import artefacts
from deid.training.backgrounds.family import Structure
from deid.training.backgrounds.sheet import Sheet

STRUCTURES = [
    drawn
    for name, drawn in inspect.getmembers(artefacts, inspect.isfunction)
    if drawn.__module__ == artefacts.__name__ and not name.startswith("_")
]


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda structure: structure.__name__)
@pytest.mark.parametrize("size", [(300, 400), (400, 120), (24, 24)], ids=str)
def test_every_structure_leaves_finite_tissue(structure: Structure, size: tuple[int, int]) -> None:
    for seed in range(6):
        sheet = Sheet(np.full(size, 0.3, np.float32))
        structure(sheet, np.random.default_rng(seed))
        assert np.isfinite(sheet.level).all()
        assert np.isfinite(sheet.dense).all()
        assert sheet.level.shape == size


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda structure: structure.__name__)
def test_every_structure_shows(structure: Structure) -> None:
    changed = []
    for seed in range(6):
        sheet = Sheet(np.full((300, 400), 0.3, np.float32))
        structure(sheet, np.random.default_rng(seed))
        changed.append(float(np.abs(sheet.level - 0.3).max()))
    assert max(changed) > 0.05
