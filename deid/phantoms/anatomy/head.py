"""The head cut across at the height of the thalami: the plane in which its width is measured."""

from deid.phantoms.anatomy.womb import belly, placenta, specks, waters
from deid.phantoms.curves import Point, along, ellipse, scattered, smooth
from deid.phantoms.tissue import Tissue

CENTRE: Point = (0.2, 5.7)
ACROSS, DOWN, TILT = 3.55, 2.8, -7.0


def draw_head(tissue: Tissue, radius: float) -> None:
    """Draw the skull as an ellipse across the beam, with its midline and what lies beside it."""
    belly(tissue, radius)
    waters(tissue, (0.0, 5.6), 6.8, 4.1)
    placenta(tissue, [(-6.6, 3.6), (-4.6, 2.0), (-1.6, 1.7), (-2.4, 2.5), (-4.4, 3.6), (-5.8, 5.6), (-7.2, 6.0)])
    specks(tissue, (3.5, 3.0), 0.9, 14)
    tissue.fill(ellipse(CENTRE, ACROSS + 0.32, DOWN + 0.3, tilt=TILT), 0.47, soft=0.06, hard=0.4)
    tissue.fill(ellipse(CENTRE, ACROSS, DOWN, tilt=TILT), 0.34, soft=0.06, hard=0.04, mottle=0.03)
    _skull(tissue)
    _brain(tissue)


def _skull(tissue: Tissue) -> None:
    for start, stop, dense in ((196, 344, 0.35), (16, 164, 0.2), (346, 374, 0.9), (167, 193, 0.9)):
        bone = ellipse(CENTRE, ACROSS, DOWN, tilt=TILT, start=start, stop=stop)
        tissue.stroke(bone, 0.84, width=0.19, soft=0.05, hard=0.95, dense=dense)


def _brain(tissue: Tissue) -> None:
    def place(x: float, y: float) -> Point:
        return CENTRE[0] + x, CENTRE[1] + y - x * 0.12

    for side in (-1, 1):
        tissue.fill(ellipse(place(0.35, 0.52 * side), 0.78, 0.42, tilt=TILT + 14 * side), 0.22, soft=0.1)
        tissue.fill(ellipse(place(1.75, 1.05 * side), 0.75, 0.36, tilt=TILT - 24 * side), 0.11, soft=0.1)
        tissue.fill(ellipse(place(1.6, 1.0 * side), 0.55, 0.22, tilt=TILT - 24 * side), 0.58, soft=0.08, mottle=0.06)
        tissue.fill(ellipse(place(-1.4, 0.62 * side), 0.5, 0.13, tilt=TILT + 20 * side), 0.12, soft=0.06)
        fissure = smooth([place(-1.0, 1.75 * side), place(-0.2, 1.55 * side), place(0.7, 1.8 * side)], closed=False)
        tissue.stroke(fissure, 0.6, width=0.1, soft=0.06, hard=0.3)
        for x in (-2.2, -1.7, 1.4, 2.0):
            groove = [
                place(x, 2.2 * side * (1 - abs(x) / 7)),
                place(x * 0.93, 1.75 * side * (1 - abs(x) / 7)),
            ]
            tissue.stroke(groove, 0.5, width=0.05, soft=0.06)
    for start, stop in ((-3.3, -1.95), (1.15, 3.3)):
        line = scattered(along([place(start, 0), place(stop, 0)], 9), 0.02, tissue.rng)
        tissue.stroke(line, 0.72, width=0.08, soft=0.04, hard=0.8)
    box = [place(-1.95, -0.2), place(-1.1, -0.2), place(-1.1, 0.2), place(-1.95, 0.2)]
    tissue.fill(box, 0.1, soft=0.05, hard=0.0)
    for y in (-0.2, 0.2):
        tissue.stroke([place(-1.95, y), place(-1.1, y)], 0.7, width=0.06, hard=0.7)
    tissue.stroke([place(-0.2, 0), place(0.75, 0)], 0.58, width=0.06, soft=0.03, hard=0.5)
