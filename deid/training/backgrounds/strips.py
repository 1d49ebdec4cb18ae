"""Strips along which time runs: M-mode and spectral Doppler."""

import cv2
import numpy as np

from deid.training.backgrounds.beams import linear
from deid.training.backgrounds.family import Cell, Family, Look
from deid.training.backgrounds.fields import Floats, smooth, wave
from deid.training.backgrounds.picture import echoes, grey
from deid.training.backgrounds.speckle import speckle
from deid.training.backgrounds.tints import tinted


def motion(rng: np.random.Generator, family: Family, seen: Look, size: tuple[int, int]) -> Cell:
    """Return an M-mode strip: the echoes along one beam, moving as the heart beats."""
    rows, columns = size
    still = echoes(rng, family, seen, linear(rng, rows, min(columns, 200)), (rows, min(columns, 200)))
    time = np.arange(columns, dtype=np.float32)
    beat = np.abs(np.sin(time * np.float32(np.pi / rng.uniform(20, 140)) + 0.4 * wave(rng, columns, 90)))
    deep = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    swing = np.float32(rng.uniform(0, 0.09) * rows) * wave(rng, rows, 0.4 * rows)[:, None]
    source = (deep * len(still) + swing * beat[None, :]).astype(np.float32)
    across = np.broadcast_to(20 + time * np.float32(rng.uniform(0.01, 0.15)), source.shape).astype(np.float32)
    bright = cv2.remap(still, across, source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    streaks = smooth(rng, size, 2.2, across=float(rng.uniform(0.6, 4))) * np.float32(rng.uniform(0.02, 0.07))
    picture = grey(np.asarray(bright, np.float32) + streaks, seen)
    return Cell(tinted(picture, seen.ramp), np.ones(size, np.bool_), 2, 1)


def spectrum(rng: np.random.Generator, family: Family, seen: Look, size: tuple[int, int]) -> Cell:
    """Return a spectral Doppler strip: velocities over time above and below a baseline."""
    rows, columns = size
    base = float(rng.uniform(0.2, 0.85)) * rows
    height = (base - np.arange(rows, dtype=np.float32))[:, None]
    bright = smooth(rng, size, 2.0) * np.float32(rng.uniform(0.01, 0.06)) + np.float32(rng.uniform(-0.1, 0.06))
    for sign in (1, -1)[: int(rng.integers(1, 3))]:
        room = (base if sign > 0 else rows - base) * float(rng.uniform(0.25, 0.98))
        bright += _shift(rng, family, height * np.float32(sign), _trace(rng, family, columns) * np.float32(room))
    quiet = np.abs(height) < np.float32(rng.uniform(0.5, 5))
    bright = np.where(quiet, np.float32(0.02), bright)
    picture = grey(bright.astype(np.float32), seen)
    pixels = tinted(picture, seen.ramp)
    if rng.random() < 0.8:
        line = np.uint8(rng.integers(90, 255))
        pixels[int(base) : int(base) + int(rng.integers(1, 3))] = line
    return Cell(pixels, np.ones(size, np.bool_), 3, int(rng.choice((3, 3, 4))))


def _trace(rng: np.random.Generator, family: Family, columns: int) -> Floats:
    """Return the highest velocity at every time, 0 to 1, shape (columns,)."""
    period = float(rng.uniform(0.06, 0.45)) * columns
    phase = np.mod(np.arange(columns) / period + rng.uniform(), 1).astype(np.float32)
    pulse = family.pulses[rng.integers(len(family.pulses))](phase)
    jitter = 1 + 0.05 * wave(rng, columns, 12) + 0.06 * wave(rng, columns, period)
    return np.clip(pulse * jitter, 0, 1).astype(np.float32)


def _shift(rng: np.random.Generator, family: Family, height: Floats, trace: Floats) -> Floats:
    """Return the brightness of one direction of flow; `height` (rows, 1) counts from the baseline."""
    size = (len(height), len(trace))
    top = np.maximum(trace, 1)[None, :]
    share = height / top
    window = float(rng.uniform(0, 0.85))
    body = np.clip((share - np.float32(window * 0.6)) / np.float32(1.05 - window * 0.6), 0, 1) ** np.float32(0.7)
    filled = np.float32(rng.uniform(0.15, 0.6)) + np.float32(rng.uniform(0.2, 0.7)) * body
    grain = family.grains[rng.integers(len(family.grains))]
    speckled = speckle(rng, grain, size, zoom=float(rng.uniform(0.7, 1.6)))
    ragged = np.float32(rng.uniform(0, 6)) * speckled
    edge = np.clip((top - height + ragged) / np.float32(rng.uniform(1, 8)), 0, 1) * (height > 0)
    shift: Floats = ((filled + np.float32(rng.uniform(0.05, 0.16)) * speckled) * edge).astype(np.float32)
    return shift


def arterial(phase: Floats) -> Floats:
    """A steep rise, a notch, a long run-off."""
    rise = np.clip(phase / 0.12, 0, 1)
    decay = np.exp(-np.clip(phase - 0.12, 0, None) * 2.4)
    notch = 0.12 * np.exp(-(((phase - 0.42) / 0.04) ** 2))
    speed: Floats = (rise * (0.25 + 0.7 * decay) - notch).astype(np.float32)
    return speed


def umbilical(phase: Floats) -> Floats:
    """Saw teeth over a high floor."""
    return (0.35 + 0.6 * np.where(phase < 0.2, phase / 0.2, (1 - phase) / 0.8)).astype(np.float32)


def venous(phase: Floats) -> Floats:
    """An almost even ribbon."""
    speed: Floats = (0.55 + 0.12 * np.sin(2 * np.pi * phase)).astype(np.float32)
    return speed


def mitral(phase: Floats) -> Floats:
    """Two humps and a rest."""
    first = np.exp(-(((phase - 0.25) / 0.1) ** 2))
    second = np.exp(-(((phase - 0.6) / 0.07) ** 2))
    speed: Floats = (0.95 * first + 0.65 * second).astype(np.float32)
    return speed


def regurgitant(phase: Floats) -> Floats:
    """One broad dome."""
    speed: Floats = np.clip(1 - ((phase - 0.45) / 0.33) ** 2, 0, 1).astype(np.float32)
    return speed


def triphasic(phase: Floats) -> Floats:
    """A sharp peak and a small second wave."""
    first = np.exp(-(((phase - 0.15) / 0.06) ** 2))
    speed: Floats = (first + 0.22 * np.exp(-(((phase - 0.55) / 0.1) ** 2))).astype(np.float32)
    return speed
