"""Random fields, cut from banks that are drawn once per process."""

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
SIDE = 1024
_SIGMA = 4.0
_SEED = 20_260_301
_FACETED = 1.4


def cut(bank: Floats, rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """Return a random window of the bank, which goes on beyond its edges mirrored; some windows are flipped."""
    down = _folded(int(rng.integers(2 * SIDE)), rows, bank.shape[0])
    across = _folded(int(rng.integers(2 * SIDE)), columns, bank.shape[1])
    return bank.take(down, axis=0).take(across, axis=1)


def stretched(bank: Floats, rng: np.random.Generator, shape: tuple[int, int], *, zoom: tuple[float, float]) -> Floats:
    """Return a random window of `shape` (rows, columns) with the bank enlarged `zoom` times (down, across)."""
    rows, columns = max(3, round(shape[0] / zoom[0])), max(3, round(shape[1] / zoom[1]))
    window = cut(bank, rng, rows, columns)
    if (rows, columns) == shape:
        return window
    way = cv2.INTER_CUBIC if max(zoom) > _FACETED else cv2.INTER_LINEAR
    grown = cv2.resize(window, (shape[1], shape[0]), interpolation=way)
    return np.asarray(grown, dtype=np.float32)


def smooth(rng: np.random.Generator, shape: tuple[int, int], grain: float, *, across: float = 1.0) -> Floats:
    """Return a smooth field of mean 0 and deviation 1 with hills of about `grain` pixels, `across` times as wide."""
    return stretched(_hills(), rng, shape, zoom=(grain / _SIGMA, grain * across / _SIGMA))


def wave(rng: np.random.Generator, length: int, grain: float) -> Floats:
    """Return a smooth random line of mean 0 and deviation 1, shape (length,)."""
    taken = max(3, round(length * _SIGMA / grain))
    row = cut(_hills(), rng, 1, taken)
    line: Floats = np.interp(np.linspace(0, taken - 1, length), np.arange(taken), row[0]).astype(np.float32)
    return line


@lru_cache(maxsize=1)
def _hills() -> Floats:
    white = np.random.default_rng(_SEED).standard_normal((SIDE, SIDE), dtype=np.float32)
    return standardised(cv2.GaussianBlur(white, (0, 0), _SIGMA))


def standardised(field: npt.NDArray[np.generic]) -> Floats:
    """Return the field moved and scaled to mean 0 and deviation 1."""
    plain = np.asarray(field, dtype=np.float32)
    unit: Floats = ((plain - plain.mean()) / max(float(plain.std()), 1e-6)).astype(np.float32)
    return unit


def _folded(start: int, length: int, size: int) -> npt.NDArray[np.intp]:
    places = (np.arange(start, start + length) % (2 * size)).astype(np.intp)
    return np.where(places < size, places, 2 * size - 1 - places)
