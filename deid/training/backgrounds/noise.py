"""The noise of a machine whose gain is turned up: grain, columns and rows of it, over a whole picture or trace."""

from dataclasses import replace

import numpy as np

from deid.training.backgrounds.family import Cell, Family
from deid.training.backgrounds.fields import Floats, wave
from deid.training.backgrounds.speckle import speckle

# three cells in four are noisy; so strong is the noise, in grey levels
_NOISY = 0.75
_STRENGTH = (5.0, 42.0)


def noisy(rng: np.random.Generator, family: Family, cell: Cell) -> Cell:
    """Return a cell with noise over it, or as it is; the size and shape stay."""
    if rng.random() >= _NOISY:
        return cell
    rows, columns = cell.inside.shape
    strength = np.float32(rng.uniform(*_STRENGTH))
    lifted = cell.pixels.astype(np.float32) + np.float32(rng.choice((0.0, 0.0, rng.uniform(0, 90))))
    field = _grain(rng, family, (rows, columns)) * _uneven(rng, rows, columns)
    grey = (strength * field)[..., np.newaxis]
    toned = grey * lifted / np.float32(110) if rng.random() < 0.4 else grey
    pixels = np.where(cell.inside[..., np.newaxis], lifted + toned, cell.pixels)
    return replace(cell, pixels=np.clip(pixels, 0, 255).astype(np.uint8))


def _grain(rng: np.random.Generator, family: Family, size: tuple[int, int]) -> Floats:
    """Return speckle, or white noise in pixels: half of it only brighter than what is under it."""
    if rng.random() < 0.35:
        field = rng.standard_normal(size, dtype=np.float32)
    else:
        grain = family.grains[rng.integers(len(family.grains))]
        field = speckle(rng, grain, size, zoom=float(rng.uniform(0.5, 1.8)))
    signed: Floats = np.asarray(np.abs(field) if rng.random() < 0.5 else field, np.float32)
    return signed


def _uneven(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """Return how strong the noise is from column to column, and with depth."""
    across = 1 + np.float32(rng.choice((0.0, 0.3, 0.6))) * wave(rng, columns, float(rng.uniform(1.5, 8)))
    down = 1 + np.float32(rng.choice((0.0, 0.3))) * wave(rng, rows, float(rng.uniform(20, 200)))
    return np.clip(across[np.newaxis, :] * down[:, np.newaxis], 0, 2).astype(np.float32)
