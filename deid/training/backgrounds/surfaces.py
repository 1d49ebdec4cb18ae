"""Renders of a surface in three dimensions: smooth shaded relief in tones of skin."""

import cv2
import numpy as np

from deid.training.backgrounds.family import Cell, Family
from deid.training.backgrounds.fields import Bytes, Floats, Mask, smooth
from deid.training.backgrounds.tints import coloured

_MOST = 360


def render(rng: np.random.Generator, family: Family, size: tuple[int, int]) -> Cell:
    """Return a surface lit from one side, of the size (rows, columns)."""
    share = min(1.0, _MOST / max(size))
    rows, columns = max(24, round(size[0] * share)), max(24, round(size[1] * share))
    height, cover = family.reliefs[rng.integers(len(family.reliefs))](rng, rows, columns)
    light = _shaded(rng, height)
    light *= _shadows(rng, light.shape)
    lit = np.clip(light, 0, 1) * np.asarray(cv2.GaussianBlur(cover.astype(np.float32), (0, 0), 1.5), np.float32)
    large = np.asarray(cv2.resize(lit, (size[1], size[0]), interpolation=cv2.INTER_CUBIC), np.float32)
    large += smooth(rng, size, 3) * np.float32(rng.uniform(0, 0.03)) * (large > 0.05)
    pixels: Bytes = coloured(np.clip(large, 0, 1), family.skins[rng.integers(len(family.skins))])
    if rng.random() < 0.7:
        pixels[large < 0.03] = 0
    return Cell(pixels, np.ones(size, np.bool_), 1, 1)


def face(rng: np.random.Generator, rows: int, columns: int) -> tuple[Floats, Mask]:
    """A head with brow, nose, lips and cheeks, and a hand or two beside it."""
    size = min(rows, columns)
    height = _hill(rows, columns, (0.5, 0.5, 0.36 * size, 0.44 * size)) * np.float32(0.55 * size)
    for dx, dy, rx, ry, lift in _FEATURES:
        at = (0.5 + dx + rng.normal(0, 0.01), 0.5 + dy + rng.normal(0, 0.01))
        height += _hill(rows, columns, (*at, rx * size, ry * size)) * np.float32(lift * size)
    for _ in range(int(rng.integers(0, 4))):
        at = (rng.uniform(0.05, 0.95), rng.uniform(0.4, 0.95))
        height += (
            _hill(rows, columns, (*at, rng.uniform(0.04, 0.15) * size, rng.uniform(0.05, 0.2) * size)) * 0.25 * size
        )
    turned = _turned(height, float(rng.uniform(-60, 60)))
    return turned + smooth(rng, (rows, columns), 14) * np.float32(
        rng.uniform(0.001, 0.012) * size
    ), turned > 0.04 * size


def limbs(rng: np.random.Generator, rows: int, columns: int) -> tuple[Floats, Mask]:
    """Rounded limbs over each other."""
    size = min(rows, columns)
    height = np.zeros((rows, columns), np.float32)
    for _ in range(int(rng.integers(5, 14))):
        at = (rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.85))
        rx, ry = rng.uniform(0.06, 0.24, 2) * size
        height = np.maximum(height, _hill(rows, columns, (*at, rx, ry)) * np.float32(rng.uniform(0.15, 0.5) * size))
    height = np.asarray(cv2.GaussianBlur(height, (0, 0), 0.012 * size), np.float32)
    return height + smooth(rng, (rows, columns), 10) * np.float32(
        rng.uniform(0.001, 0.012) * size
    ), height > 0.03 * size


def wallpaper(rng: np.random.Generator, rows: int, columns: int) -> tuple[Floats, Mask]:
    """A wall of placenta or womb that fills the whole place."""
    grain = float(rng.uniform(12, 50))
    height = smooth(rng, (rows, columns), grain, across=1.4) * grain * np.float32(0.5) + smooth(rng, (rows, columns), 7)
    return height.astype(np.float32), np.ones((rows, columns), np.bool_)


def ridges(rng: np.random.Generator, rows: int, columns: int) -> tuple[Floats, Mask]:
    """Sharp-edged folds with deep clefts."""
    field = smooth(rng, (rows, columns), float(rng.uniform(18, 45)), across=float(rng.uniform(0.6, 2)))
    height = (1 - np.abs(field)) * np.float32(14) + smooth(rng, (rows, columns), 5)
    body = smooth(rng, (rows, columns), 0.35 * min(rows, columns))
    return height.astype(np.float32), body > np.float32(-0.4)


def bubbles(rng: np.random.Generator, rows: int, columns: int) -> tuple[Floats, Mask]:
    """Round hollows seen from within, as follicles are shown."""
    size = min(rows, columns)
    height = np.zeros((rows, columns), np.float32)
    for _ in range(int(rng.integers(6, 22))):
        r = rng.uniform(0.04, 0.14) * size
        height = np.maximum(height, _hill(rows, columns, (rng.uniform(), rng.uniform(), r, r)) * np.float32(r))
    return height, height > 1.0


def curled(rng: np.random.Generator, rows: int, columns: int) -> tuple[Floats, Mask]:
    """A body curled up in the middle: head, trunk, knees and arms that run into each other, the cord before them."""
    size, side = min(rows, columns), float(rng.choice((-1, 1)))
    height = np.zeros((rows, columns), np.float32)
    for dx, dy, rx, ry, lift in _LIMBS:
        at = (0.5 + side * (dx + rng.normal(0, 0.02)) * size / columns, 0.5 + (dy + rng.normal(0, 0.02)) * size / rows)
        stretch = rng.uniform(0.85, 1.15, 2)
        height = np.maximum(height, _hill(rows, columns, (*at, rx * size * stretch[0], ry * size * stretch[1])) * lift)
    height = np.asarray(cv2.GaussianBlur(height * np.float32(size), (0, 0), 0.018 * size), np.float32)
    rough = smooth(rng, (rows, columns), 9) * np.float32(rng.uniform(0.002, 0.01) * size)
    turned = _turned(height, float(rng.uniform(-90, 90)))
    return turned + rough, turned > 0.05 * size


_LIMBS = (
    (-0.12, -0.22, 0.19, 0.2, 0.4),
    (0.04, 0.1, 0.2, 0.26, 0.42),
    (-0.2, 0.16, 0.1, 0.13, 0.38),
    (-0.16, 0.3, 0.17, 0.07, 0.3),
    (-0.24, -0.02, 0.06, 0.13, 0.42),
    (0.22, 0.28, 0.09, 0.09, 0.25),
)
_FEATURES = (
    (0.0, -0.17, 0.24, 0.07, 0.06),
    (0.0, 0.02, 0.055, 0.09, 0.13),
    (-0.11, -0.07, 0.07, 0.045, -0.06),
    (0.11, -0.07, 0.07, 0.045, -0.06),
    (-0.15, 0.08, 0.11, 0.11, 0.06),
    (0.15, 0.08, 0.11, 0.11, 0.06),
    (0.0, 0.15, 0.1, 0.025, 0.05),
    (0.0, 0.2, 0.08, 0.025, 0.05),
    (0.0, 0.3, 0.09, 0.06, 0.05),
)


def _hill(rows: int, columns: int, place: tuple[float, float, float, float]) -> Floats:
    """Return a rounded hill 1 high; `place` is its middle as shares and its radii in pixels."""
    x = (np.arange(columns, dtype=np.float32)[None, :] - np.float32(place[0] * columns)) / np.float32(place[2])
    y = (np.arange(rows, dtype=np.float32)[:, None] - np.float32(place[1] * rows)) / np.float32(place[3])
    hill: Floats = np.sqrt(np.clip(1 - x * x - y * y, 0, 1))
    return hill


def _turned(height: Floats, degrees: float) -> Floats:
    rows, columns = height.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(height, matrix, (columns, rows)), np.float32)


def _shaded(rng: np.random.Generator, height: Floats) -> Floats:
    eased = cv2.GaussianBlur(height, (0, 0), float(rng.uniform(1, 3)))
    right = np.asarray(cv2.Sobel(eased, cv2.CV_32F, 1, 0, scale=0.125), np.float32)
    down = np.asarray(cv2.Sobel(eased, cv2.CV_32F, 0, 1, scale=0.125), np.float32)
    bearing, steep = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(0.5, 1.2))
    towards = np.float32(np.cos(bearing)) * right + np.float32(np.sin(bearing)) * down
    lambert = (np.float32(np.sin(steep)) - np.float32(np.cos(steep)) * towards) / np.sqrt(1 + right**2 + down**2)
    ambient = np.float32(rng.uniform(0.02, 0.3))
    shaded: Floats = (ambient + (1 - ambient) * np.clip(lambert, 0, 1)) * np.float32(rng.uniform(0.6, 1.1))
    return shaded


def _shadows(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return a factor that is 0 in the holes where no echo came back."""
    field = smooth(rng, (shape[0], shape[1]), float(rng.uniform(10, 40)))
    lit: Floats = np.clip((np.float32(rng.uniform(1.2, 3.0)) - field) * 4, 0, 1)
    return lit
