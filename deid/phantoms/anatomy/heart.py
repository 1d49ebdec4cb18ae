"""The chest cut across with the heart's four chambers."""

from deid.phantoms.anatomy.womb import belly, placenta, specks, waters
from deid.phantoms.curves import Point, ellipse, scattered, smooth
from deid.phantoms.tissue import Tissue

HEART: Point = (-0.25, 4.9)
_CHEST: Point = (0.0, 5.2)


def draw_heart(tissue: Tissue, radius: float) -> None:
    """Draw chest wall, lungs and the heart with its apex towards the upper left."""
    belly(tissue, radius)
    waters(tissue, (0.0, 5.2), 5.4, 3.7)
    placenta(tissue, [(-5.2, 6.4), (-3.6, 7.9), (0.0, 8.5), (3.0, 8.2), (3.4, 9.4), (0.0, 9.8), (-5.4, 8.6)])
    specks(tissue, (3.0, 2.9), 0.7, 10)
    skin = smooth(scattered(ellipse(_CHEST, 3.15, 2.75)[:-1:6], 0.04, tissue.rng))
    tissue.fill(skin, 0.5, soft=0.06, hard=0.6, mottle=0.04)
    tissue.fill(ellipse(_CHEST, 2.72, 2.35), 0.49, soft=0.08, hard=0.1, mottle=0.03)
    for start in (200, 232, 290, 322, 350, 22, 140, 166):
        rib = ellipse(_CHEST, 2.82, 2.44, start=start, stop=start + 14)
        tissue.stroke(rib, 0.9, width=0.14, soft=0.04, hard=0.85, dense=0.5)
    _heart(tissue)
    for point in ((0.55, 7.2), (0.25, 7.55), (0.9, 7.5)):
        tissue.fill(ellipse(point, 0.21, 0.15), 0.92, soft=0.04, hard=0.9, dense=0.9)
    tissue.fill(ellipse((0.15, 6.75), 0.2, 0.2), 0.06, soft=0.04, hard=0.0)


def _heart(tissue: Tissue) -> None:
    x, y = HEART
    muscle = smooth(
        [
            (x - 1.75, y - 1.0),
            (x - 0.7, y - 1.25),
            (x + 0.7, y - 0.75),
            (x + 1.3, y + 0.35),
            (x + 0.95, y + 1.3),
            (x - 0.1, y + 1.5),
            (x - 1.1, y + 0.85),
            (x - 1.75, y - 0.1),
        ]
    )
    tissue.fill([(a + 0.03, b + 0.03) for a, b in muscle], 0.24, soft=0.08)
    tissue.fill(muscle, 0.53, soft=0.05, hard=0.4, mottle=0.03)
    chambers = (
        ((x - 0.6, y - 0.66), 0.88, 0.4, 36.0),
        ((x - 0.8, y + 0.2), 0.74, 0.36, 42.0),
        ((x + 0.66, y + 0.2), 0.5, 0.45, 34.0),
        ((x + 0.1, y + 0.94), 0.5, 0.42, 34.0),
    )
    for spot, across, down, tilt in chambers:
        tissue.fill(ellipse(spot, across, down, tilt=tilt), 0.05, soft=0.05, hard=0.0, dense=-0.01)
    tissue.fill(ellipse((x - 0.95, y - 0.86), 0.24, 0.08, tilt=34), 0.4, soft=0.05)
    valve = [(x + 0.32, y - 0.2), (x - 0.02, y + 0.1), (x - 0.34, y + 0.48)]
    tissue.stroke(valve, 0.7, width=0.07, soft=0.03, hard=0.4)
    tissue.fill(ellipse((x - 0.3, y - 0.02), 0.05, 0.05), 0.95, soft=0.03)
