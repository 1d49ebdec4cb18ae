"""The shape of the picture: from centimetres to beams and from beams to pixels of the screen."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deid.phantoms.spec import Mask

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sector:
    """A convex fan (`radius` > 0, `half` is its half angle in radians) or a strip (`half` is centimetres).

    Centimetres begin at the middle of the transducer's face; depth grows downwards. `left`, `top`,
    `width` and `height` are the rectangle of the screen that may be used.
    """

    left: int
    top: int
    width: int
    height: int
    depth: float
    radius: float
    half: float

    @property
    def rise(self) -> float:
        """Return how far the corners of the face stand above its lowest point, in centimetres."""
        return self.radius * (1 - math.cos(self.half)) if self.radius else 0.0

    @property
    def reach(self) -> float:
        """Return half the width of the picture in centimetres."""
        return (self.radius + self.depth) * math.sin(self.half) if self.radius else self.half

    @property
    def scale(self) -> float:
        """Return pixels per centimetre; a wide fan may lose its corners at the sides, as on real machines."""
        tall = self.height / (self.depth + self.rise)
        return min(tall, 1.24 * self.width / (2 * self.reach))

    @property
    def origin(self) -> tuple[float, float]:
        """Return the pixel of the face's middle."""
        spare = self.height - (self.depth + self.rise) * self.scale
        return self.left + self.width / 2, self.top + spare / 2 + self.rise * self.scale

    def shape(self) -> tuple[int, int]:
        """Return how many samples and beams the picture is made of."""
        samples = int(min(620, max(90, self.depth * self.scale)))
        beams = int(min(340, max(60, self.reach * self.scale * 0.8)))
        return samples, beams

    def places(self) -> tuple[Floats, Floats]:
        """Return x and depth in centimetres of every sample, shape (samples, beams)."""
        samples, beams = self.shape()
        along = np.linspace(0, self.depth, samples, dtype=np.float32)[:, None]
        across = np.linspace(-self.half, self.half, beams, dtype=np.float32)[None, :]
        if not self.radius:
            return np.broadcast_to(across, (samples, beams)).copy(), np.broadcast_to(along, (samples, beams)).copy()
        rho = along + self.radius
        return rho * np.sin(across), rho * np.cos(across) - self.radius


@dataclass(frozen=True, slots=True, eq=False)
class ScanConverter:
    """Turns beams into pixels by bilinear interpolation; `area` is where the screen carries echoes."""

    area: Mask
    index: npt.NDArray[np.intp]
    down: Floats
    right: Floats
    beams: int

    def convert(self, polar: Floats, screen: Floats) -> None:
        """Write the picture of shape (samples, beams) into the screen of shape (rows, columns)."""
        flat = polar.ravel()
        upper = flat[self.index] * (1 - self.right) + flat[self.index + 1] * self.right
        below = self.index + self.beams
        lower = flat[below] * (1 - self.right) + flat[below + 1] * self.right
        screen[self.area] = upper * (1 - self.down) + lower * self.down


def scan_converter(sector: Sector, rows: int, columns: int) -> ScanConverter:
    """Prepare the interpolation for a screen of these rows and columns."""
    samples, beams = sector.shape()
    cx, cy = sector.origin
    x = (np.arange(columns, dtype=np.float32)[None, :] - cx) / sector.scale
    y = (np.arange(rows, dtype=np.float32)[:, None] - cy) / sector.scale
    if sector.radius:
        below = y + sector.radius
        along = np.hypot(x, below) - sector.radius
        across = np.arctan2(x, below)
    else:
        along, across = np.broadcast_arrays(y, x)
    inside = (along >= 0) & (along < sector.depth) & (np.abs(across) < sector.half)
    inside[: sector.top] = False
    inside[sector.top + sector.height :] = False
    inside[:, : sector.left] = False
    inside[:, sector.left + sector.width :] = False
    row = np.clip(along[inside] / sector.depth * (samples - 1), 0, samples - 1.001)
    column = np.clip((across[inside] / sector.half + 1) / 2 * (beams - 1), 0, beams - 1.001)
    whole_row, whole_column = row.astype(np.intp), column.astype(np.intp)
    return ScanConverter(
        area=inside,
        index=whole_row * beams + whole_column,
        down=(row - whole_row).astype(np.float32),
        right=(column - whole_column).astype(np.float32),
        beams=beams,
    )
