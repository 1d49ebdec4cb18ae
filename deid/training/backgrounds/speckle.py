"""Speckle: the grain of ultrasound, by several ways of making it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from deid.training.backgrounds.fields import SIDE, Floats, standardised, stretched

_SEED = 20_260_302
Source = Callable[[np.random.Generator, float, float], Floats]


@dataclass(frozen=True, slots=True)
class Grain:
    """A way of making speckle: `axial` and `lateral` are sigmas in samples and beams."""

    source: Source
    axial: float
    lateral: float


def speckle(rng: np.random.Generator, grain: Grain, shape: tuple[int, int], *, zoom: float) -> Floats:
    """Return speckle in decibel-like units, mean 0 and deviation 1, shape (samples, beams)."""
    return stretched(_bank(grain), rng, shape, zoom=(zoom, zoom))


@lru_cache(maxsize=64)
def _bank(grain: Grain) -> Floats:
    return standardised(grain.source(np.random.default_rng(_SEED), grain.axial, grain.lateral))


def rayleigh(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Fully developed speckle: the logarithm of the envelope of blurred complex noise."""
    decibel: Floats = np.log(_envelope(rng, axial, lateral) + np.float32(0.02))
    return decibel


def compounded(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Speckle averaged over three looks, as machines with spatial compounding show it."""
    looks = [_envelope(rng, axial, lateral) for _ in range(3)]
    return np.log(np.mean(looks, axis=0, dtype=np.float32) + np.float32(0.05))


def clustered(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Speckle whose strength varies from place to place, as where scatterers flock together."""
    flocks = np.exp(0.9 * _noise(rng, 3.2 * axial, 3.2 * lateral))
    decibel: Floats = np.log(_envelope(rng, axial, lateral) * flocks + np.float32(0.02))
    return decibel


def reduced(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Speckle after a reduction filter: a median leaves flat patches with clear borders."""
    grey = np.clip(110 + 34 * rayleigh(rng, axial, lateral), 0, 255).astype(np.uint8)
    return np.asarray(cv2.medianBlur(cv2.medianBlur(grey, 7), 5), dtype=np.float32)


def layered(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Speckle drawn out to short lying streaks over a finer grain."""
    streaks = rayleigh(rng, axial * 0.8, lateral * 3.5)
    return standardised(streaks) + np.float32(0.6) * standardised(rayleigh(rng, axial, lateral))


def ringed(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Noise of one band of frequencies only, so that all its grains are of one size."""
    down = np.fft.fftfreq(SIDE)[:, None] * axial * 6
    across = np.fft.fftfreq(SIDE)[None, :] * lateral * 6
    band = np.exp(-(((np.hypot(down, across) - 1) / 0.25) ** 2))
    white = rng.standard_normal((SIDE, SIDE)) + 1j * rng.standard_normal((SIDE, SIDE))
    field = np.abs(np.fft.ifft2(np.fft.fft2(white) * band)).astype(np.float32)
    grains: Floats = np.sqrt(np.maximum(standardised(field) + np.float32(2.5), 0))
    return grains


def peppered(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Sparse bright grains on an even ground, as where few scatterers stand."""
    points = (rng.random((SIDE, SIDE), dtype=np.float32) < 0.06).astype(np.float32) * rng.gamma(1.5, 1.0, (SIDE, SIDE))
    spread = cv2.GaussianBlur(points.astype(np.float32), (0, 0), sigmaX=lateral, sigmaY=axial)
    return np.sqrt(np.asarray(spread, dtype=np.float32))


def woven(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    """Two crossing sets of slanted threads."""
    base = _noise(rng, axial, lateral * 5)
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), 17, 1.0)
    back = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), -23, 1.0)
    turned = [cv2.warpAffine(base, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REFLECT) for matrix in (turn, back)]
    return np.maximum(turned[0], turned[1]).astype(np.float32)


def _envelope(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    length: Floats = np.hypot(_noise(rng, axial, lateral), _noise(rng, axial, lateral)).astype(np.float32)
    return length


def _noise(rng: np.random.Generator, axial: float, lateral: float) -> Floats:
    white = rng.standard_normal((SIDE, SIDE), dtype=np.float32)
    return standardised(cv2.GaussianBlur(white, (0, 0), sigmaX=lateral, sigmaY=axial))
