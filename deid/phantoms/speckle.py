"""Echoes of tissue along beams: Rayleigh speckle, mirrors, shadows, and a blur that grows with depth."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deid.phantoms.tissue import Tissue, clouds

Floats = npt.NDArray[np.float32]
Complex = npt.NDArray[np.complex64]
_RANGE_DB = 58.0
_ABSORPTION = 6.0
_MIRROR = 0.028
_OBLIQUE = 1.1
_NOISE = 0.0011


@dataclass(frozen=True, slots=True, eq=False)
class Echoes:
    """A sheet of tissue with its fixed scatterers, ready to be looked at along beams again and again."""

    grey: Floats
    hard: Floats
    dense: Floats
    scatterers: tuple[Complex, ...]
    half: float
    top: float
    scale: float

    def seen(self, x: Floats, y: Floats, *, step: float, focus: float) -> Floats:
        """Return brightness 0 to 1 along beams at the places x, y (centimetres), shape (samples, beams).

        `step` is the distance of two samples in centimetres, `focus` the sharpest depth as a share.
        """
        rows, columns = self.grey.shape
        column = np.clip((x + self.half) * self.scale, 0, columns - 1.01)
        row = np.clip((y - self.top) * self.scale, 0, rows - 1.01)
        near = np.rint(row).astype(np.intp) * columns + np.rint(column).astype(np.intp)
        grey = bilinear(self.grey, row, column)
        hard = bilinear(self.hard, row, column)
        dense = bilinear(self.dense, row, column)
        loss = np.cumsum(dense, axis=0, dtype=np.float32) * (step * _ABSORPTION)
        amplitude = np.power(10, (grey - 1) * (_RANGE_DB / 20), dtype=np.float32)
        mirror = mirrors(hard, x, y, step)
        looks = [np.abs(spread(amplitude * field.ravel()[near] + mirror, focus=focus)) for field in self.scatterers]
        envelope = np.mean(looks, axis=0, dtype=np.float32) * np.exp(-loss) * _sensitivity(hard.shape)
        return compress(envelope + _NOISE)


def echoes(tissue: Tissue, rng: np.random.Generator, *, looks: int = 2) -> Echoes:
    """Scatter points over a sheet of tissue; more `looks` give a calmer, more modern speckle."""
    grey, hard, dense = tissue.sheets()
    rows, columns = grey.shape
    patchy = np.clip(0.8 + 0.42 * clouds(rows, columns, tissue.scale * 0.5, rng), 0.12, 1.5)
    hard = (hard * patchy).astype(np.float32)
    grey = (grey + 0.022 * clouds(rows, columns, tissue.scale * 0.8, rng)).astype(np.float32)
    fields = tuple(
        (rng.standard_normal(grey.shape) + 1j * rng.standard_normal(grey.shape)).astype(np.complex64)
        for _ in range(looks)
    )
    return Echoes(grey, hard, dense, fields, tissue.half, tissue.top, tissue.scale)


def mirrors(hard: Floats, x: Floats, y: Floats, step: float) -> Floats:
    """Return the echo of smooth surfaces: strong where the beam meets them square, none where it grazes."""
    entering = np.diff(hard, axis=0, prepend=hard[:1]) / step
    gap = np.hypot(np.diff(x, axis=1, append=x[:, -1:] + 1), np.diff(y, axis=1, append=y[:, -1:]))
    grazing = np.abs(np.diff(hard, axis=1, append=hard[:, -1:])) / gap
    square: Floats = np.clip(entering - _OBLIQUE * grazing, 0, None).astype(np.float32) * _MIRROR
    return square


def _sensitivity(shape: tuple[int, ...]) -> Floats:
    down = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    across = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    fade: Floats = (np.exp(-0.55 * down**2) * (1 - 0.45 * across**6)).astype(np.float32)
    return fade


def spread(field: Complex, *, focus: float) -> Complex:
    """Blur with the sound pulse: short along the beam, wider across it away from the focus."""
    axial = _convolve(field, _kernel(1.0), axis=0)
    narrow = _convolve(axial, _kernel(1.25), axis=1)
    wide = _convolve(axial, _kernel(2.6), axis=1)
    depth = np.linspace(0, 1, field.shape[0], dtype=np.float32)[:, None]
    away = np.clip(np.abs(depth - focus) * 1.6, 0, 1)
    blurred: Complex = (narrow * (1 - away) + wide * away).astype(np.complex64)
    return blurred


def compress(envelope: Floats) -> Floats:
    """Return the envelope as brightness 0 to 1, on a logarithmic scale with soft ends."""
    decibel = 20 * np.log10(np.maximum(envelope, 1e-6))
    linear = np.clip(1 + decibel / _RANGE_DB, 0, 1.1)
    toned: Floats = np.clip(linear**1.42 * 1.16, 0, 1).astype(np.float32)
    return toned


def bilinear(sheet: Floats, row: Floats, column: Floats) -> Floats:
    """Return the sheet's values at fractional rows and columns, which lie inside it."""
    width = sheet.shape[1]
    whole_row, whole_column = row.astype(np.intp), column.astype(np.intp)
    down, right = row - whole_row, column - whole_column
    index = whole_row * width + whole_column
    flat = sheet.ravel()
    upper = flat[index] * (1 - right) + flat[index + 1] * right
    lower = flat[index + width] * (1 - right) + flat[index + width + 1] * right
    value: Floats = (upper * (1 - down) + lower * down).astype(np.float32)
    return value


def _kernel(sigma: float) -> Floats:
    reach = int(3 * sigma) + 1
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    unit: Floats = (taps / np.sqrt((taps**2).sum())).astype(np.float32)
    return unit


def _convolve(field: Complex, taps: Floats, *, axis: int) -> Complex:
    reach = len(taps) // 2
    pad = [(0, 0), (0, 0)]
    pad[axis] = (reach, reach)
    padded = np.pad(field, pad, mode="edge")
    length = field.shape[axis]
    total = np.zeros_like(field)
    for shift, tap in enumerate(taps):
        window = padded[shift : shift + length] if axis == 0 else padded[:, shift : shift + length]
        total += tap * window
    return total
