"""Where the beams of a transducer lie on the picture, for every shape of transducer."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from deid.training.backgrounds.fields import Floats, Mask

_MOST_SAMPLES = 520
_MOST_BEAMS = 420


@dataclass(frozen=True, slots=True, eq=False)
class Beams:
    """Both directions of scan conversion.

    `sample` and `beam` (rows, columns) say where each pixel lies among the beams; `x` and `y`
    (samples, beams) say where each echo lies on the picture, in pixels; `inside` is where echoes show.
    """

    sample: Floats
    beam: Floats
    inside: Mask
    x: Floats
    y: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Return the number of samples and beams."""
        return self.x.shape[0], self.x.shape[1]


Probe = Callable[[np.random.Generator, int, int], Beams]


@dataclass(frozen=True, slots=True)
class _Fan:
    """A fan: `half` and `tilt` in radians; `inner` is the face's radius as a share of the outer one."""

    half: float
    inner: float
    tilt: float = 0.0
    cropped: float = 1.0


def convex(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """The abdominal and obstetric fan, at times with its sides cut off."""
    half, inner = rng.uniform(0.45, 0.75), rng.uniform(0.15, 0.5)
    return _fan(rows, columns, _Fan(half, inner, cropped=rng.choice((1.0, 1.0, 1.15, 1.35))))


def endocavity(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """A very wide fan with a small face."""
    return _fan(rows, columns, _Fan(rng.uniform(0.95, 1.6), rng.uniform(0.06, 0.25), cropped=rng.choice((1.0, 1.2))))


def phased(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """The cardiac fan that begins in a point."""
    return _fan(rows, columns, _Fan(rng.uniform(0.55, 0.85), rng.uniform(0.0, 0.05)))


def tilted(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """A narrow fan steered to one side."""
    tilt = float(rng.uniform(0.25, 0.55)) * float(rng.choice((-1, 1)))
    return _fan(rows, columns, _Fan(rng.uniform(0.25, 0.4), rng.uniform(0.1, 0.65), tilt))


def shallow(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """A fan with a broad face and little depth, far wider than tall."""
    return _fan(rows, columns, _Fan(rng.uniform(0.5, 0.8), rng.uniform(0.6, 0.75), cropped=1.1))


def linear(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """Beams side by side: a rectangle, which may be narrower than its place."""
    return _flat(rows, columns, near=rng.choice((1.0, 1.0, 0.8, 0.6)), flare=0.0, slant=0.0)


def trapezoid(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """A straight face whose beams spread with depth."""
    near = float(rng.uniform(0.45, 0.85))
    return _flat(rows, columns, near=near, flare=1 - near, slant=0.0)


def slanted(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """All beams of a straight face steered to one side."""
    slant = float(rng.uniform(0.12, 0.35)) * float(rng.choice((-1, 1)))
    return _flat(rows, columns, near=1 - abs(slant), flare=0.0, slant=slant)


def panoramic(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """A long low picture put together while the probe was moved along a bent body."""
    level = _flat(rows, columns, near=1.0, flare=0.0, slant=0.0)
    swing, tall = float(rng.uniform(0.03, 0.15)), float(rng.uniform(0.35, 0.7))
    across = np.linspace(0, 1, columns, dtype=np.float32)
    bend = np.float32(swing) * np.sin(across * np.float32(rng.uniform(1.5, 6)) + np.float32(rng.uniform(0, 6)))
    top = (1 - tall) / 2 + bend
    samples = level.shape[0]
    sample = (level.sample / (samples - 1) - top[None, :]) * np.float32((samples - 1) / tall)
    inside = (sample >= 0) & (sample <= samples - 1)
    return Beams(sample.astype(np.float32), level.beam, inside, level.x, level.y)


def radial(rng: np.random.Generator, rows: int, columns: int) -> Beams:
    """A probe that turns within the body and looks all around itself."""
    radius = min(rows, columns) / 2
    face = radius * rng.uniform(0.04, 0.2)
    samples, beams = min(_MOST_SAMPLES, int(radius) + 2), _MOST_BEAMS
    dx, dy = _offsets(rows, columns, columns / 2, rows / 2)
    length, angle = cv2.cartToPolar(dx, dy)
    sample = (length - face) * ((samples - 1) / (radius - face))
    beam = angle * ((beams - 1) / (2 * math.pi))
    inside = (sample >= 0) & (sample <= samples - 1)
    along = np.linspace(face, radius, samples, dtype=np.float32)[:, None]
    turn = np.linspace(0, 2 * np.pi, beams, dtype=np.float32)[None, :]
    return Beams(sample, beam, inside, along * np.cos(turn) + columns / 2, along * np.sin(turn) + rows / 2)


def _fan(rows: int, columns: int, fan: _Fan) -> Beams:
    left, right = fan.tilt - fan.half, fan.tilt + fan.half
    corners = [(r * math.sin(a), r * math.cos(a)) for r in (fan.inner, 1.0) for a in (left, right)]
    reach = [(math.sin(a), math.cos(a)) for a in (-math.pi / 2, 0.0, math.pi / 2) if left < a < right]
    xs, ys = zip(*corners, *reach, strict=True)
    tall, wide = max(ys) - min(min(ys), fan.inner), max(xs) - min(xs)
    scale = min(rows / tall, fan.cropped * columns / wide)
    cx = columns / 2 - scale * (max(xs) + min(xs)) / 2
    cy = (rows - scale * tall) / 2 - scale * min(min(ys), fan.inner)
    samples = max(40, min(_MOST_SAMPLES, int(scale * (1 - fan.inner))))
    beams = max(40, min(_MOST_BEAMS, int(scale * fan.half * 1.2)))
    dx, dy = _offsets(rows, columns, cx, cy)
    length, bearing = cv2.cartToPolar(dy, dx)
    bearing = np.where(bearing > np.pi, bearing - np.float32(2 * np.pi), bearing) - np.float32(left)
    sample = (length - np.float32(scale * fan.inner)) * np.float32((samples - 1) / (scale * (1 - fan.inner)))
    beam = bearing * np.float32((beams - 1) / (2 * fan.half))
    inside = (sample >= 0) & (sample <= samples - 1) & (beam >= 0) & (beam <= beams - 1)
    along = np.linspace(scale * fan.inner, scale, samples, dtype=np.float32)[:, None]
    turn = np.linspace(left, right, beams, dtype=np.float32)[None, :]
    return Beams(sample, beam, inside, along * np.sin(turn) + np.float32(cx), along * np.cos(turn) + np.float32(cy))


def _flat(rows: int, columns: int, *, near: float, flare: float, slant: float) -> Beams:
    samples, beams = min(_MOST_SAMPLES, rows), max(40, min(_MOST_BEAMS, int(columns * (near + flare))))
    deep = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    middle, half = _middle(deep, columns, slant), np.float32(columns / 2) * (near + flare * deep)
    beam = ((np.arange(columns, dtype=np.float32)[None, :] - middle) / half + 1) * np.float32((beams - 1) / 2)
    sample = np.broadcast_to(deep * np.float32(samples - 1), beam.shape).astype(np.float32)
    inside = (beam >= 0) & (beam <= beams - 1)
    along = np.linspace(0, 1, samples, dtype=np.float32)[:, None]
    spread = np.linspace(-1, 1, beams, dtype=np.float32)[None, :]
    x = _middle(along, columns, slant) + spread * (np.float32(columns / 2) * (near + flare * along))
    y = np.broadcast_to(along * (rows - 1), x.shape)
    return Beams(sample, beam.astype(np.float32), inside, x.astype(np.float32), y.astype(np.float32))


def _middle(deep: Floats, columns: int, slant: float) -> Floats:
    centre: Floats = (columns / 2 + slant * columns * (deep - 0.5)).astype(np.float32)
    return centre


def _offsets(rows: int, columns: int, cx: float, cy: float) -> tuple[Floats, Floats]:
    dx = np.arange(columns, dtype=np.float32)[None, :] - np.float32(cx)
    dy = np.arange(rows, dtype=np.float32)[:, None] - np.float32(cy)
    return np.repeat(dx, rows, axis=0), np.repeat(dy, columns, axis=1)


def converted(polar: Floats, beams: Beams) -> Floats:
    """Return the echoes (samples, beams) as pixels (rows, columns); outside the beams the value is the edge's."""
    pixels = cv2.remap(polar, beams.beam, beams.sample, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(pixels, dtype=np.float32)
