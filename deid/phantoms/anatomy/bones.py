"""Bones in length: the thigh with its shadow, and the spine as a double row of pearls."""

import math

from deid.phantoms.anatomy.womb import belly, placenta, specks, waters
from deid.phantoms.curves import Point, along, ellipse, limb, scattered, smooth
from deid.phantoms.tissue import Tissue

FEMUR: tuple[Point, Point] = ((-1.75, 5.0), (1.75, 4.35))
_BACK: list[Point] = [
    (-5.6, 4.1),
    (-4.0, 4.75),
    (-2.0, 5.15),
    (0.0, 5.2),
    (2.2, 4.9),
    (4.0, 4.35),
    (5.6, 3.9),
]


def draw_femur(tissue: Tissue, radius: float) -> None:
    """Draw the thigh across the beam: a bright bar, knees and calf around it, shadow below."""
    belly(tissue, radius)
    waters(tissue, (0.0, 5.3), 6.2, 3.8)
    placenta(tissue, [(-6.4, 6.8), (-4.2, 8.0), (-1.0, 8.6), (2.4, 8.5), (2.8, 9.6), (-1.0, 10.2), (-6.0, 9.0)])
    specks(tissue, (0.0, 2.6), 1.4, 18)
    tissue.fill(limb((-3.6, 5.5), (2.3, 4.35), 1.55, 0.85), 0.43, soft=0.07, hard=0.55, mottle=0.05)
    tissue.fill(limb((2.4, 4.5), (4.6, 6.4), 0.8, 0.55), 0.43, soft=0.07, hard=0.5, mottle=0.05)
    for shift in (-0.6, -0.3, 0.42, 0.7):
        line = along([(-3.0, 5.35 + shift), (1.6, 4.45 + shift * 0.6)], 12)
        tissue.stroke(scattered(line, 0.03, tissue.rng), 0.55, width=0.05, soft=0.06)
    (x0, y0), (x1, y1) = FEMUR
    bow = [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2 - 0.12), (x1, y1)]
    tissue.stroke(smooth(bow, closed=False), 0.95, width=0.24, soft=0.05, hard=1.0, dense=1.5)
    tissue.fill(ellipse((2.05, 4.3), 0.28, 0.3), 0.36, soft=0.06)
    tissue.stroke([(2.9, 5.0), (4.3, 6.2)], 0.9, width=0.16, soft=0.05, hard=0.9, dense=1.2)
    tissue.fill(ellipse((-4.6, 5.9), 1.6, 1.75), 0.44, soft=0.1, hard=0.4, mottle=0.06)


def draw_spine(tissue: Tissue, radius: float) -> None:
    """Draw the back in length: two rows of pearls, the canal between them, skin over it, ribs at one end."""
    belly(tissue, radius)
    waters(tissue, (0.0, 5.6), 6.9, 4.0)
    placenta(tissue, [(-6.8, 7.0), (-4.0, 8.7), (0.0, 9.3), (4.0, 8.8), (5.0, 9.8), (0.0, 10.4), (-6.6, 9.0)])
    specks(tissue, (0.5, 2.7), 1.8, 20)
    line = smooth(_BACK, closed=False)
    skin = [(x, y - 1.05 + 0.02 * x * x) for x, y in _BACK]
    front = [(x, y + 3.1 - 0.05 * x * x) for x, y in reversed(_BACK)]
    tissue.fill(smooth(skin + front), 0.43, soft=0.07, hard=0.55, mottle=0.06)
    tissue.fill(ellipse((-0.6, 6.9), 0.7, 0.4, tilt=8), 0.06, soft=0.06, hard=0.0, dense=-0.02)
    tissue.stroke(line, 0.5, width=1.05, soft=0.15)
    tissue.stroke([(x, y + 0.04) for x, y in line], 0.13, width=0.3, soft=0.06)
    for row, size in ((-0.3, 0.85), (0.36, 1.0)):
        for number, (x, y) in enumerate(along(line, 26)):
            swell = size * (1 + 0.12 * math.sin(number * 1.7))
            pearl = ellipse((x, y + row), 0.135 * swell, 0.105 * swell)
            tissue.fill(pearl, 0.94, soft=0.04, hard=0.9, dense=0.8)
