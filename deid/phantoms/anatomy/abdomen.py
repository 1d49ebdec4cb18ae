"""The abdomen cut across: liver, stomach bubble, the vein's hook, and the spine at the side."""

from deid.phantoms.anatomy.womb import belly, placenta, specks, waters
from deid.phantoms.curves import Point, ellipse, scattered, smooth
from deid.phantoms.tissue import Tissue

CENTRE: Point = (0.0, 5.8)
ACROSS, DOWN, TILT = 3.0, 2.75, 10.0


def draw_abdomen(tissue: Tissue, radius: float) -> None:
    """Draw the round of the abdomen in its fluid."""
    belly(tissue, radius)
    waters(tissue, (0.1, 5.7), 6.3, 4.0)
    placenta(tissue, [(6.2, 3.4), (4.2, 1.9), (1.6, 1.7), (2.2, 2.4), (4.0, 3.4), (5.4, 5.4), (7.0, 6.2)])
    specks(tissue, (-3.4, 3.2), 0.9, 14)
    _wall(tissue)
    _organs(tissue)
    _spine(tissue)


def _wall(tissue: Tissue) -> None:
    skin = smooth(scattered(ellipse(CENTRE, ACROSS, DOWN, tilt=TILT)[:-1:6], 0.04, tissue.rng))
    tissue.fill(skin, 0.56, soft=0.06, hard=0.75, mottle=0.03)
    tissue.fill(ellipse(CENTRE, ACROSS - 0.24, DOWN - 0.24, tilt=TILT), 0.42, soft=0.06, hard=0.45)
    tissue.fill(ellipse(CENTRE, ACROSS - 0.34, DOWN - 0.34, tilt=TILT), 0.46, soft=0.06, hard=0.06, mottle=0.03)
    for start in (196, 218, 310, 332, 28, 52, 128):
        rib = ellipse(CENTRE, ACROSS - 0.3, DOWN - 0.3, tilt=TILT, start=start, stop=start + 11)
        tissue.stroke(rib, 0.86, width=0.12, soft=0.04, hard=0.8, dense=0.9)


def _organs(tissue: Tissue) -> None:
    tissue.fill(ellipse((-1.25, 6.75), 0.82, 0.5, tilt=-24), 0.04, soft=0.06, hard=0.0, dense=-0.03)
    vein = smooth([(0.35, 3.75), (0.28, 4.5), (0.45, 5.1), (0.95, 5.45), (1.35, 5.4)], closed=False)
    tissue.stroke(vein, 0.56, width=0.44, soft=0.06)
    tissue.stroke(vein, 0.07, width=0.3, soft=0.05, hard=0.0)
    for spot, size in (((1.55, 6.6), 0.15), ((-0.2, 4.4), 0.09), ((1.9, 5.0), 0.1), ((-0.9, 5.0), 0.08)):
        tissue.fill(ellipse(spot, size, size * 0.8), 0.1, soft=0.04)
    tissue.fill(ellipse((0.3, 6.35), 0.17, 0.17), 0.07, soft=0.04, hard=0.0)
    tissue.fill(ellipse((0.85, 6.15), 0.19, 0.13), 0.1, soft=0.04)
    for point in scattered([(-0.5, 5.9)] * 9, 0.35, tissue.rng):
        tissue.fill(ellipse(point, 0.14, 0.1), float(tissue.rng.uniform(0.46, 0.6)), soft=0.06)
    tissue.fill(ellipse((1.55, 6.62), 0.42, 0.26, tilt=-30), 0.4, soft=0.08)


def _spine(tissue: Tissue) -> None:
    for point, across, down in (
        ((0.5, 7.25), 0.3, 0.18),
        ((0.12, 7.75), 0.16, 0.13),
        ((0.92, 7.72), 0.16, 0.13),
    ):
        tissue.fill(ellipse(point, across, down), 0.92, soft=0.04, hard=0.9, dense=1.0)
    tissue.fill(ellipse((0.52, 7.55), 0.18, 0.14), 0.14, soft=0.05)
