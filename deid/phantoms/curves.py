"""Outlines in centimetres: smooth curves through points, ellipses and tapering limbs."""

import math
from collections.abc import Sequence

import numpy as np

Point = tuple[float, float]


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 10) -> list[Point]:
    """Return a Catmull-Rom curve through the points."""
    knots = np.asarray(points, dtype=float)
    ring = np.vstack([knots[-1:], knots, knots[:2]]) if closed else np.vstack([knots[:1], knots, knots[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    curve = np.vstack([*pieces, knots[:1] if closed else knots[-1:]])
    return [(float(x), float(y)) for x, y in curve]


def ellipse(
    centre: Point,
    across: float,
    down: float,
    *,
    tilt: float = 0.0,
    start: float = 0.0,
    stop: float = 360.0,
) -> list[Point]:
    """Return an ellipse turned by `tilt`, or its part from `start` to `stop` (degrees, clockwise)."""
    angles = np.radians(np.linspace(start, stop, 72))
    x, y = across * np.cos(angles), down * np.sin(angles)
    turn = math.radians(tilt)
    return [
        (
            float(centre[0] + a * math.cos(turn) - b * math.sin(turn)),
            float(centre[1] + a * math.sin(turn) + b * math.cos(turn)),
        )
        for a, b in zip(x, y, strict=True)
    ]


def limb(start: Point, end: Point, first: float, last: float) -> list[Point]:
    """Return the outline of a limb whose half width tapers from `first` to `last` centimetres."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    turns = np.linspace(math.pi / 2, 3 * math.pi / 2, 12)
    near = [(start[0] + first * math.cos(angle + t), start[1] + first * math.sin(angle + t)) for t in turns]
    far = [
        (end[0] + last * math.cos(angle + t + math.pi), end[1] + last * math.sin(angle + t + math.pi)) for t in turns
    ]
    return near + far


def between(start: Point, end: Point, share: float) -> Point:
    """Return the point at this share of the way."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def along(points: Sequence[Point], count: int) -> list[Point]:
    """Return `count` points at equal distances on a line of points, both ends included."""
    line = np.asarray(points, dtype=float)
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    places = np.linspace(0, steps[-1], count)
    return list(
        zip(
            np.interp(places, steps, line[:, 0]).tolist(),
            np.interp(places, steps, line[:, 1]).tolist(),
            strict=True,
        )
    )


def scattered(points: Sequence[Point], amount: float, rng: np.random.Generator) -> list[Point]:
    """Return the points, each moved by a random step of this spread in centimetres."""
    moves = rng.normal(0, amount, (len(points), 2))
    return [(x + float(a), y + float(b)) for (x, y), (a, b) in zip(points, moves, strict=True)]
