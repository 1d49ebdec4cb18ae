"""The mother's side: skin, fat, muscle, the wall of the womb, the waters and the placenta."""

import math

from deid.phantoms.curves import Point, ellipse, scattered, smooth
from deid.phantoms.tissue import Tissue

_FLUID = 0.02


def layer(tissue: Tissue, radius: float, depth: float, *, wave: float = 0.05) -> list[Point]:
    """Return a line that follows the transducer's face at a depth; a flat line where the face is flat."""
    count = 26
    if not radius:
        line = [(-tissue.half + 2 * tissue.half * i / count, depth) for i in range(count + 1)]
    else:
        angles = [math.radians(-52 + 104 * i / count) for i in range(count + 1)]
        reach = radius + depth
        line = [(reach * math.sin(a), reach * math.cos(a) - radius) for a in angles]
    return smooth(scattered(line, wave, tissue.rng), closed=False)


def belly(tissue: Tissue, radius: float) -> None:
    """Lay the mother's tissue over the whole sheet."""
    far = [(tissue.half, tissue.depth), (-tissue.half, tissue.depth)]
    skin = layer(tissue, radius, -0.2, wave=0.0)
    tissue.fill(skin + far, 0.50, mottle=0.05)
    tissue.fill(layer(tissue, radius, 0.22, wave=0.01) + far, 0.37, hard=0.3, mottle=0.05)
    for depth in (0.42, 0.62, 0.8):
        tissue.stroke(layer(tissue, radius, depth, wave=0.05), 0.62, width=0.05, soft=0.05)
    tissue.fill(layer(tissue, radius, 0.95) + far, 0.42, hard=0.45, mottle=0.06)
    tissue.stroke(layer(tissue, radius, 1.12), 0.66, width=0.06, soft=0.05)
    tissue.fill(layer(tissue, radius, 1.3) + far, 0.43, hard=0.35, mottle=0.05)


def waters(tissue: Tissue, centre: Point, across: float, down: float) -> None:
    """Open the cavity: a bright lining and dark fluid that lets the sound through."""
    outline = smooth(scattered(ellipse(centre, across, down)[:-1:6], 0.11, tissue.rng))
    rim = [(centre[0] + (x - centre[0]) * 1.03, centre[1] + (y - centre[1]) * 1.05) for x, y in outline]
    tissue.fill(rim, 0.56, soft=0.12)
    tissue.fill(outline, _FLUID, soft=0.07, hard=0.0, dense=-0.02)
    far = [(x, y + 0.12) for x, y in outline if y > centre[1] and abs(x - centre[0]) < 0.96 * across]
    tissue.stroke(sorted(far), 0.62, width=0.16, soft=0.1, hard=0.45)
    for depth in (0.12, 0.3, 0.55, 0.8):
        haze = [(x, y + depth) for x, y in outline if y < centre[1] and abs(x - centre[0]) < 0.8 * across]
        tissue.stroke(sorted(haze), 0.19 - 0.15 * depth, width=0.22, soft=0.16)


def placenta(tissue: Tissue, points: list[Point]) -> None:
    """Lay an even, fine-grained placenta with a bright plate towards the fluid and a few dark lakes."""
    outline = smooth(scattered(points, 0.06, tissue.rng))
    tissue.fill(outline, 0.56, soft=0.08, mottle=0.05)
    middle = (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
    for x, y in scattered([middle] * 7, 0.9, tissue.rng):
        near = min(points, key=lambda p: math.hypot(p[0] - x, p[1] - y))
        spot = ((x + 0.9 * middle[0]) / 1.9, (y + near[1] + middle[1] * 2) / 4)
        tissue.fill(ellipse(spot, 0.22, 0.09, tilt=float(tissue.rng.uniform(-30, 30))), 0.3, soft=0.08)


def specks(tissue: Tissue, centre: Point, spread: float, count: int) -> None:
    """Let faint specks of vernix float in the fluid."""
    for point in scattered([centre] * count, spread, tissue.rng):
        tissue.fill(ellipse(point, 0.035, 0.025), 0.34, soft=0.03)


def cord(tissue: Tissue, points: list[Point]) -> None:
    """Draw a loop of the umbilical cord: two bright walls and the dark vessels between them."""
    line = smooth(points, closed=False)
    tissue.stroke(line, 0.46, width=0.52, soft=0.05, hard=0.35)
    for shift in (-0.12, 0.12):
        vessel = [(x + shift * math.sin(i / 4.5), y + shift * math.cos(i / 4.5)) for i, (x, y) in enumerate(line)]
        tissue.stroke(vessel, 0.12, width=0.11, soft=0.04, hard=0.0)
