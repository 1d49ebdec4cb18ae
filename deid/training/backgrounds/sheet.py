"""The sheet on which tissue is drawn: how bright it scatters and how much sound it takes away."""

import math
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from deid.training.backgrounds.fields import Floats, wave

Points = npt.NDArray[np.float32]
_FINE = 4


class Sheet:
    """`level` is wanted brightness (0 to 1) and `dense` absorption, both (rows, columns); lengths are pixels."""

    def __init__(self, level: Floats) -> None:
        self.level = level
        self.dense = np.zeros_like(level)
        self.rows, self.columns = level.shape
        self.size = float(min(level.shape))

    def fill(self, points: Points, level: float, *, soft: float = 1.0, dense: float = 0.0, mix: float = 1.0) -> None:
        """Fill a closed outline; `soft` blurs its edge, `mix` below 1 lets the ground shine through."""
        window = self._window(points, 3 * soft + 2)
        if window is None:
            return
        mask = np.zeros(self.level[window].shape, np.uint8)
        cv2.fillPoly(mask, [_fixed(points, window)], 255, cv2.LINE_AA, shift=_FINE)
        cover = _softened(mask, soft) * np.float32(mix)
        here = self.level[window]
        here += (np.float32(level) - here) * cover
        self.dense[window] += np.float32(dense) * cover

    def stroke(self, points: Points, level: float, *, width: float, soft: float = 0.6, dense: float = 0.0) -> None:
        """Draw a line through the points that is at least as bright as `level`."""
        window = self._window(points, width + 3 * soft + 2)
        if window is None:
            return
        mask = np.zeros(self.level[window].shape, np.uint8)
        cv2.polylines(mask, [_fixed(points, window)], False, 255, max(1, round(width)), cv2.LINE_AA, shift=_FINE)
        cover = _softened(mask, soft)
        here = self.level[window]
        here += np.maximum(np.float32(level) - here, 0) * cover
        self.dense[window] += np.float32(dense) * cover

    def wall(self, points: Points, level: float, *, width: float, soft: float = 0.7, dense: float = 0.0) -> None:
        """Draw a mirror-like line: bright where it lies across the beam, faint where it stands along it."""
        step = max(2, len(points) // 14)
        for start in range(0, len(points) - 1, step):
            piece = points[start : start + step + 1]
            run, drop = np.abs(piece[-1] - piece[0])
            lying = float(run / max(math.hypot(run, drop), 1e-6))
            self.stroke(piece, level * (0.4 + 0.6 * lying), width=width * (0.6 + 0.4 * lying), soft=soft, dense=dense)

    def spots(self, places: Points, level: float, *, radius: float, soft: float = 0.6, dense: float = 0.0) -> None:
        """Draw a small bright spot at each place, shape (N, 2)."""
        for place in places:
            ring = blob(place[0], place[1], radius * 1.2, radius)
            self.fill(ring, level, soft=soft, dense=dense)

    def _window(self, points: Points, pad: float) -> tuple[slice, slice] | None:
        low = np.floor(points.min(axis=0) - pad).astype(int)
        high = np.ceil(points.max(axis=0) + pad).astype(int)
        left, right = max(0, int(low[0])), min(self.columns, int(high[0]) + 1)
        top, bottom = max(0, int(low[1])), min(self.rows, int(high[1]) + 1)
        return (slice(top, bottom), slice(left, right)) if right > left and bottom > top else None


def blob(
    cx: float,
    cy: float,
    rx: float,
    ry: float,
    *,
    turn: float = 0.0,
    wobble: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Points:
    """Return a closed outline: an ellipse turned by `turn` radians, made uneven by `wobble` (a share)."""
    angle = np.linspace(0, 2 * np.pi, 73, dtype=np.float32)
    radius = np.ones_like(angle)
    if rng is not None and wobble:
        for order in range(2, 7):
            radius += np.float32(wobble * rng.normal() / order) * np.cos(
                order * angle + np.float32(rng.uniform(0, 6.3))
            )
    x, y = rx * radius * np.cos(angle), ry * radius * np.sin(angle)
    return joined(cx + x * math.cos(turn) - y * math.sin(turn), cy + x * math.sin(turn) + y * math.cos(turn))


def joined(x: npt.NDArray[np.floating] | Sequence[float], y: npt.NDArray[np.floating] | Sequence[float]) -> Points:
    """Return points (N, 2) from their columns and rows."""
    return np.stack([np.asarray(x, np.float32), np.asarray(y, np.float32)], axis=1)


def place(sheet: Sheet, rng: np.random.Generator) -> tuple[float, float]:
    """Return a random place not too near the edges."""
    return float(rng.uniform(0.12, 0.88)) * sheet.columns, float(rng.uniform(0.1, 0.85)) * sheet.rows


def path(sheet: Sheet, rng: np.random.Generator) -> tuple[Points, Points]:
    """Return the columns and rows, each of shape (40,), of a random bent line."""
    cx, cy = place(sheet, rng)
    along = np.linspace(-1, 1, 40) * float(rng.uniform(0.12, 0.5)) * sheet.size
    angle = float(rng.normal(0, 0.5))
    across = 0.04 * sheet.size * wave(rng, 40, float(rng.uniform(15, 60)))
    x = cx + along * np.cos(angle) - across * np.sin(angle)
    y = cy + along * np.sin(angle) + across * np.cos(angle)
    return x.astype(np.float32), y.astype(np.float32)


def _fixed(points: Points, window: tuple[slice, slice]) -> npt.NDArray[np.int32]:
    corner = np.array([window[1].start, window[0].start], np.float32)
    fixed: npt.NDArray[np.int32] = np.rint((points - corner) * (1 << _FINE)).astype(np.int32)
    return fixed


def _softened(mask: npt.NDArray[np.uint8], soft: float) -> Floats:
    blurred = cv2.GaussianBlur(mask, (0, 0), soft) if soft > 0.3 else mask
    return np.asarray(blurred, np.float32) * np.float32(1 / 255)
