"""What every module that draws structures into a sheet of tissue has to hold to."""

import inspect
from types import ModuleType

import numpy as np
import pytest

from deid.training.backgrounds.family import Structure
from deid.training.backgrounds.sheet import Sheet

_GROUND = 0.3

SIZES = pytest.mark.parametrize("size", [(300, 400), (400, 120), (24, 24)], ids=str)


def structures_of(module: ModuleType) -> pytest.MarkDecorator:
    """Return the parameters of a test of every structure that `module` draws."""
    drawn = [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]
    assert drawn
    return pytest.mark.parametrize("structure", drawn, ids=lambda structure: structure.__name__)


def leaves_finite_tissue(structure: Structure, size: tuple[int, int]) -> bool:
    """Say whether six drawings of a structure keep the sheet's size and put only finite values into it."""
    sheets = [_drawn(structure, size, seed) for seed in range(6)]
    return all(
        sheet.level.shape == size and np.isfinite(sheet.level).all() and np.isfinite(sheet.dense).all()
        for sheet in sheets
    )


def shows(structure: Structure) -> bool:
    """Say whether one of six drawings of a structure can be seen."""
    sheets = [_drawn(structure, (300, 400), seed) for seed in range(6)]
    return max(float(np.abs(sheet.level - _GROUND).max()) for sheet in sheets) > 0.05


def _drawn(structure: Structure, size: tuple[int, int], seed: int) -> Sheet:
    sheet = Sheet(np.full(size, _GROUND, np.float32))
    structure(sheet, np.random.default_rng(seed))
    return sheet
