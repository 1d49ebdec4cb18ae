"""One grey ultrasound picture: tissue looked at along the beams of a transducer."""

import cv2
import numpy as np

from deid.training.backgrounds.beams import Beams, converted
from deid.training.backgrounds.family import Cell, Family, Look
from deid.training.backgrounds.fields import Bytes, Floats, smooth, wave
from deid.training.backgrounds.sheet import Sheet
from deid.training.backgrounds.speckle import speckle
from deid.training.backgrounds.tints import tinted

_SHEET = (360, 760)
_ABSORPTION = 0.035
_IN_AIR = 0.05
_FULL = 480


def echoes(rng: np.random.Generator, family: Family, seen: Look, beams: Beams, size: tuple[int, int]) -> Floats:
    """Return brightness (about 0 to 1) along the beams, shape (samples, beams), of tissue drawn at random."""
    share = min(1.0, float(rng.uniform(*_SHEET)) / max(size))
    sheet = _tissue(rng, family, max(24, round(size[0] * share)), max(24, round(size[1] * share)))
    x, y = _bent(rng, beams, share)
    level = cv2.remap(sheet.level, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    dense = cv2.remap(sheet.dense, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    lost = np.cumsum(dense, axis=0, dtype=np.float32) * np.float32(_ABSORPTION * 400 / len(level))
    lost = np.asarray(cv2.GaussianBlur(lost, (0, 0), sigmaX=float(rng.uniform(0.8, 5)), sigmaY=2.0), np.float32)
    grain = speckle(rng, seen.grain, beams.shape, zoom=seen.zoom * min(1.0, max(size) / _FULL) ** 0.5)
    bright = (
        np.asarray(level, np.float32)
        - np.clip(lost, -float(rng.uniform(0, 0.16)), 0.9)
        + _sensitivity(rng, beams.shape)
    )
    bright += np.float32(seen.contrast) * grain + np.float32(seen.gain)
    heard: Floats = np.maximum(bright, _noise_floor(rng, beams.shape, grain), dtype=np.float32)
    return heard


def grey(bright: Floats, seen: Look) -> Bytes:
    """Return brightness as grey of 8 bits, through the grey map and the machine's finish."""
    toned = np.power(np.clip(bright, 0, 1), np.float32(seen.gamma))
    return seen.finish((toned * np.float32(255)).astype(np.uint8))


def view(rng: np.random.Generator, family: Family, seen: Look, size: tuple[int, int]) -> Cell:
    """Return a picture of tissue of the size (rows, columns)."""
    beams = seen.probe(rng, *size)
    picture = grey(converted(echoes(rng, family, seen, beams, size), beams), seen)
    inside = beams.inside
    if rng.random() < 0.08:
        picture, inside = picture[::-1], inside[::-1]
    return Cell(tinted(picture, seen.ramp), inside, 1, 1)


def _bent(rng: np.random.Generator, beams: Beams, share: float) -> tuple[Floats, Floats]:
    """Return where each echo comes from on the sheet: not quite where it shows, so that no outline is perfect."""
    far, near = float(rng.uniform(0, 9)), float(rng.uniform(0, 1.6))
    bends = [
        np.float32(far) * smooth(rng, beams.shape, 60)
        + np.float32(near) * smooth(rng, beams.shape, float(rng.uniform(3, 9)))
        for _ in range(2)
    ]
    return beams.x * np.float32(share) + bends[0], beams.y * np.float32(share) + bends[1]


def _tissue(rng: np.random.Generator, family: Family, rows: int, columns: int) -> Sheet:
    bare = _parenchyma(rng, rows, columns)
    sheet = Sheet(bare.copy())
    for _ in range(int(rng.integers(1, 10))):
        family.structures[rng.integers(len(family.structures))](sheet, rng)
    patchy = np.clip(0.85 + rng.uniform(0, 0.4) * smooth(rng, (rows, columns), float(rng.uniform(6, 30))), 0.1, 1.2)
    sheet.level = (bare + (sheet.level - bare) * np.where(sheet.level > bare, patchy, 1)).astype(np.float32)
    if rng.random() < 0.6:
        sheet.level = np.asarray(cv2.GaussianBlur(sheet.level, (0, 0), float(rng.uniform(0.4, 1.3))), np.float32)
    return sheet


def _parenchyma(rng: np.random.Generator, rows: int, columns: int) -> Floats:
    """Return plain tissue: hills upon hills of brightness, each half as wide as the last, at times in layers."""
    level = np.full((rows, columns), rng.uniform(0.12, 0.55), np.float32)
    across, weight = float(rng.uniform(0.8, 3.5)), float(rng.uniform(0.02, 0.12))
    grain, fall = float(rng.uniform(40, 110)), float(rng.uniform(0.45, 0.95))
    while grain > 3:
        level += np.float32(weight) * smooth(rng, (rows, columns), grain, across=across)
        grain, weight = grain / 2.2, weight * fall
    return level


def _sensitivity(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return what is added for depth and place across: loss, the bright face, its echoes, dead elements."""
    deep = np.linspace(0, 1, shape[0], dtype=np.float32)
    lost = (rng.uniform(0.6, 2.5) if rng.random() < _IN_AIR else rng.uniform(-0.05, 0.5)) * deep ** rng.uniform(1, 3)
    near = rng.uniform(-0.1, 0.45) * np.exp(-deep / rng.uniform(0.01, 0.06))
    ringing = (
        rng.uniform(-0.1, 0.22)
        * wave(rng, shape[0], float(rng.uniform(3, 12)))
        * np.exp(-deep / rng.uniform(0.05, 0.3))
    )
    bands = rng.uniform(0, 0.05) * wave(rng, shape[0], 40)
    edge = np.abs(np.linspace(-1, 1, shape[1])) ** 8 * rng.uniform(0, 0.4)
    gaps = np.clip(wave(rng, shape[1], float(rng.uniform(20, 80))) - 1.2, 0, 1) * rng.choice((0.0, 0.0, 0.6))
    lines = 0.02 * wave(rng, shape[1], 2.5) * rng.choice((0.0, 1.0, 2.0))
    total: Floats = ((near - lost + ringing + bands)[:, None] - (edge + gaps + lines)[None, :]).astype(np.float32)
    return total


def _noise_floor(rng: np.random.Generator, shape: tuple[int, int], grain: Floats) -> Floats:
    deep = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None] ** 2
    level = np.float32(max(0.0, rng.normal(0.02, 0.05))) * deep
    return level * (1 + np.float32(0.5) * grain[::-1])
