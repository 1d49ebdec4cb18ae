"""The picture in relief: a sleeping face in warm light, as volume machines show it."""

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from deid.phantoms.spec import Pixels
from deid.phantoms.tissue import clouds

Floats = npt.NDArray[np.float32]
_SHARPNESS = 15.0
_GRAIN = 0.05
_LIGHT = (-0.42, -0.62, 0.66)
_STOPS = (0.0, 0.18, 0.42, 0.68, 0.88, 1.0)
_WARM = ((4, 2, 1), (58, 26, 12), (138, 76, 40), (210, 142, 88), (246, 200, 150), (255, 236, 206))

# x, y, reach across, reach down, base, height, turn in degrees; the face looks out of the picture
_FORMS = (
    (0.0, -0.14, 0.72, 0.86, 0.0, 0.62, 0),
    (0.0, -0.36, 0.6, 0.5, 0.14, 0.5, 0),
    (-0.28, 0.2, 0.32, 0.34, 0.22, 0.42, 0),
    (0.28, 0.2, 0.32, 0.34, 0.22, 0.42, 0),
    (0.0, 0.36, 0.3, 0.3, 0.25, 0.4, 0),
    (0.0, 0.56, 0.22, 0.18, 0.24, 0.4, 0),
    (0.0, 0.09, 0.062, 0.17, 0.52, 0.15, 0),
    (0.0, 0.165, 0.088, 0.08, 0.52, 0.26, 0),
    (-0.082, 0.19, 0.05, 0.045, 0.52, 0.16, 0),
    (0.082, 0.19, 0.05, 0.045, 0.52, 0.16, 0),
    (-0.055, 0.345, 0.085, 0.045, 0.52, 0.19, -12),
    (0.055, 0.345, 0.085, 0.045, 0.52, 0.19, 12),
    (0.0, 0.435, 0.1, 0.05, 0.52, 0.19, 0),
    (-0.73, 0.02, 0.08, 0.17, 0.05, 0.28, 12),
    (0.73, 0.02, 0.08, 0.17, 0.05, 0.28, -12),
    (-0.1, 1.12, 0.95, 0.5, 0.0, 0.42, 0),
    (0.84, 0.84, 0.17, 0.34, 0.2, 0.36, 24),
    (0.72, 0.6, 0.19, 0.18, 0.36, 0.36, 20),
)
# a finger: root, tip, half width and height at root
_FINGERS = (
    (0.63, 0.56, 0.43, 0.36, 0.05, 0.6),
    (0.68, 0.5, 0.5, 0.25, 0.052, 0.63),
    (0.75, 0.48, 0.6, 0.2, 0.052, 0.64),
    (0.82, 0.5, 0.71, 0.22, 0.048, 0.62),
    (0.65, 0.66, 0.47, 0.56, 0.055, 0.6),
)
# x, y, reach across, reach down, depth, turn
_HOLLOWS = (
    (-0.27, -0.03, 0.17, 0.1, 0.1, 0),
    (0.27, -0.03, 0.17, 0.1, 0.1, 0),
    (0.0, 0.0, 0.1, 0.06, 0.03, 0),
    (0.0, 0.393, 0.12, 0.014, 0.045, 0),
    (0.0, 0.29, 0.03, 0.05, 0.02, 0),
    (0.0, 0.515, 0.13, 0.035, 0.03, 0),
    (-0.045, 0.235, 0.024, 0.014, 0.06, 0),
    (0.045, 0.235, 0.024, 0.014, 0.06, 0),
    (-0.19, 0.3, 0.035, 0.12, 0.025, 24),
    (0.19, 0.3, 0.035, 0.12, 0.025, -24),
)
_LIDS = ((-0.27, -0.02, 1), (0.27, -0.02, -1))


def relief(rows: int, columns: int, rng: np.random.Generator, sway: float = 0.0) -> Pixels:
    """Return the lit relief, uint8 (rows, columns, 3); `sway` turns the head by this many radians."""
    zoom = 1.95 / rows
    turn = 0.2 + sway
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    x, y = (x - columns * 0.5) * zoom, (y - rows * 0.47) * zoom
    u, v = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
    coarse = Image.fromarray(_height(u[::2, ::2] + 0.1 * sway, v[::2, ::2]))
    height = np.asarray(coarse.resize((columns, rows), Image.Resampling.BICUBIC))
    rough = clouds(rows, columns, rows / 14, rng) * 0.004 + clouds(rows, columns, rows / 60, rng) * 0.0012
    wall = 0.16 * clouds(rows, columns, rows / 3.2, rng) + 0.3 * (x * x * 0.5 + (y - 0.1) ** 2) - 0.08
    height = np.logaddexp(_SHARPNESS * height, _SHARPNESS * wall) / _SHARPNESS + rough
    grain = 1 + _GRAIN * rng.standard_normal((rows, columns), dtype=np.float32)
    return _lit(_blurred(height.astype(np.float32), rows / 170), zoom, x, y, grain)


def _height(u: Floats, v: Floats) -> Floats:
    total: Floats = np.full(u.shape, -1.0, np.float32)
    for x, y, across, down, base, high, angle in _FORMS:
        a, b = _turned(u - x, v - y, angle)
        dome = 1 - (a / across) ** 2 - (b / down) ** 2
        round_top = np.sqrt((dome + np.sqrt(dome * dome + 0.05)) / 2)
        shape = base + high * round_top + 0.55 * np.minimum(dome, 0)
        total = np.logaddexp(_SHARPNESS * total, _SHARPNESS * shape).astype(np.float32) / _SHARPNESS
    for x0, y0, x1, y1, half, high in _FINGERS:
        share = np.clip(((u - x0) * (x1 - x0) + (v - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1)
        away = (u - x0 - share * (x1 - x0)) ** 2 + (v - y0 - share * (y1 - y0)) ** 2
        swell = half * (1 - 0.22 * share + 0.07 * np.cos(9 * share))
        dome = 1 - away / swell**2
        round_top = np.sqrt((dome + np.sqrt(dome * dome + 0.05)) / 2)
        shape = high - 0.14 * share + 0.13 * round_top + 0.2 * np.minimum(dome, 0)
        joined: Floats = np.logaddexp(45 * total, 45 * shape).astype(np.float32) / np.float32(45)
        total = joined
    for x, y, across, down, deep, angle in _HOLLOWS:
        a, b = _turned(u - x, v - y, angle)
        total -= deep * np.exp(-0.5 * ((a / across) ** 2 + (b / down) ** 2) * 2.2)
    for x, y, side in _LIDS:
        ball = np.exp(-0.5 * (((u - x) / 0.1) ** 2 + ((v - y) / 0.062) ** 2))
        seam = np.abs(v - (y + 0.045 - 2.0 * (u - x - 0.01 * side) ** 2))
        total += 0.085 * ball - 0.04 * np.exp(-0.5 * (seam / 0.011) ** 2) * np.exp(-0.5 * ((u - x) / 0.085) ** 4)
    return total.astype(np.float32)


def _turned(a: Floats, b: Floats, angle: float) -> tuple[Floats, Floats]:
    if not angle:
        return a, b
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return a * c + b * s, b * c - a * s


def _lit(height: Floats, zoom: float, x: Floats, y: Floats, grain: Floats) -> Pixels:
    down, right = np.gradient(_blurred(height, len(height) / 260), zoom)
    length = np.sqrt(1 + down**2 + right**2)
    lambert = (-right * _LIGHT[0] - down * _LIGHT[1] + _LIGHT[2]) / length
    hidden = np.clip(_blurred(height, len(height) / 22) - height, 0, 0.3) * 2.6
    rim = (1 - 1 / length) ** 2
    depth = np.clip((height + 0.15) / 0.75, 0, 1)
    level = (
        (0.14 + 0.78 * np.clip(lambert * 0.85 + 0.15, 0, 1)) * (0.32 + 0.68 * depth) - hidden * 0.55 + 0.1 * rim * depth
    )
    edge = np.clip(1.35 - np.sqrt((x / 1.28) ** 2 + (y / 1.05) ** 2), 0, 0.4) / 0.4
    level = np.clip(level * edge * 1.12 * grain, 0, 1)
    channels = [np.interp(level, _STOPS, [stop[c] for stop in _WARM]) for c in range(3)]
    return np.stack(channels, axis=2).astype(np.uint8)


def _blurred(sheet: Floats, sigma: float) -> Floats:
    low, high = float(sheet.min()), float(sheet.max())
    factor = max(1, int(sigma / 2))
    image = Image.fromarray(((sheet - low) / (high - low)).astype(np.float32))
    small = image.resize((max(2, image.width // factor), max(2, image.height // factor)), Image.Resampling.BOX)
    soft = np.asarray(_gauss(small, sigma / factor).resize(image.size, Image.Resampling.BICUBIC))
    return (soft * (high - low) + low).astype(np.float32)


def _gauss(image: Image.Image, sigma: float) -> Image.Image:
    values = np.asarray(image, dtype=np.float32)
    reach = int(3 * sigma) + 1
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    taps = (taps / taps.sum()).astype(np.float32)
    for axis in (0, 1):
        pad = [(reach, reach) if axis == a else (0, 0) for a in (0, 1)]
        padded, length = np.pad(values, pad, mode="edge"), values.shape[axis]
        parts = [tap * padded.take(range(i, i + length), axis=axis) for i, tap in enumerate(taps)]
        values = np.sum(parts, axis=0, dtype=np.float32)
    return Image.fromarray(values)
