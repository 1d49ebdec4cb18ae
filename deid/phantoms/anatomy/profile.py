"""The picture every parent keeps: the fetus from the side, its face towards the transducer."""

from deid.phantoms.anatomy.womb import belly, cord, placenta, specks, waters
from deid.phantoms.curves import Point, along, between, ellipse, limb, scattered, smooth
from deid.phantoms.tissue import Tissue

ZOOM, SHIFT = 1.2, (1.7, -0.75)
_FACE: list[Point] = [
    (-5.75, 4.75),
    (-5.1, 4.28),
    (-4.4, 4.02),
    (-3.7, 4.0),
    (-3.25, 4.14),
    (-2.98, 4.27),
    (-2.72, 4.1),
    (-2.45, 3.72),
    (-2.28, 3.66),
    (-2.16, 3.82),
    (-2.14, 4.06),
    (-2.0, 4.1),
    (-1.84, 3.92),
    (-1.68, 3.98),
    (-1.6, 4.18),
    (-1.5, 4.06),
    (-1.32, 4.04),
    (-1.22, 4.28),
    (-1.08, 4.36),
    (-0.84, 4.3),
    (-0.62, 4.44),
    (-0.45, 4.72),
]
_BODY: list[Point] = [
    (-0.2, 4.98),
    (0.25, 4.98),
    (0.95, 4.66),
    (2.2, 4.35),
    (3.6, 4.2),
    (5.0, 4.35),
    (6.3, 4.85),
    (7.3, 5.7),
    (7.7, 7.0),
    (7.2, 8.3),
    (5.6, 9.0),
    (3.4, 9.1),
    (1.4, 8.8),
    (0.1, 8.55),
    (-0.9, 8.9),
]
_BACK_OF_HEAD: list[Point] = [
    (-2.2, 9.75),
    (-3.9, 10.15),
    (-5.5, 9.7),
    (-6.7, 8.6),
    (-7.05, 7.2),
    (-6.7, 5.8),
]
_SPINE: list[Point] = [(-0.9, 7.75), (0.3, 7.75), (1.8, 8.05), (3.6, 8.3), (5.4, 8.2), (6.6, 7.5)]


def draw_profile(tissue: Tissue, radius: float) -> None:
    """Draw mother, waters, placenta and the fetus in its long axis."""
    belly(tissue, radius)
    waters(tissue, (0.0, 6.75), 10.6, 5.1)
    placenta(
        tissue,
        [(0.5, 12.6), (3.0, 11.2), (6.0, 10.2), (8.6, 8.6), (10.2, 7.0), (11.2, 8.2), (9.0, 12.0), (4.0, 13.2)],
    )
    specks(tissue, (-2.0, 3.2), 1.6, 26)
    with tissue.enlarged(ZOOM, SHIFT):
        cord(tissue, [(4.2, 4.3), (3.7, 3.3), (4.6, 2.7), (5.4, 3.3), (4.9, 3.9)])
        _legs(tissue)
        tissue.fill(smooth(_FACE + _BODY + _BACK_OF_HEAD), 0.47, soft=0.05, hard=0.4, mottle=0.06)
        _trunk(tissue)
        _head(tissue)
        _face(tissue)
        _arm(tissue)


def _head(tissue: Tissue) -> None:
    centre, tilt = (-4.0, 7.02), 8.0
    skull = ellipse(centre, 2.86, 2.78, tilt=tilt)
    tissue.fill(skull, 0.37, soft=0.08, hard=0.04, mottle=0.03)
    for start, stop, width in ((160, 262, 0.17), (268, 306, 0.17), (30, 152, 0.14)):
        bone = ellipse(centre, 2.86, 2.76, tilt=tilt, start=start, stop=stop)
        tissue.stroke(bone, 0.8, width=width, soft=0.05, hard=0.75, dense=0.5)
    tissue.fill(ellipse((-3.7, 7.2), 1.15, 0.62, tilt=14), 0.29, soft=0.12)
    tissue.fill(ellipse((-4.9, 6.0), 0.9, 0.3, tilt=-18), 0.14, soft=0.12)
    tissue.stroke(
        smooth([(-5.4, 6.9), (-4.7, 6.25), (-3.7, 6.1), (-3.0, 6.5)], closed=False),
        0.5,
        width=0.09,
        soft=0.06,
    )
    tissue.fill(ellipse((-3.9, 6.5), 0.75, 0.14, tilt=4), 0.1, soft=0.06)
    tissue.fill(ellipse((-4.7, 7.9), 0.8, 0.28, tilt=30), 0.55, soft=0.1, mottle=0.06)
    tissue.fill(ellipse((-2.6, 8.5), 0.62, 0.46, tilt=20), 0.44, soft=0.08, mottle=0.06)
    tissue.fill(ellipse((-2.5, 9.1), 0.5, 0.16, tilt=24), 0.08, soft=0.06)
    tissue.stroke(smooth([(-6.2, 7.6), (-5.4, 7.3), (-4.6, 7.35)], closed=False), 0.46, width=0.06, soft=0.05)


def _face(tissue: Tissue) -> None:
    tissue.fill(
        smooth([(-3.1, 4.75), (-2.3, 4.5), (-1.3, 4.6), (-0.7, 4.9), (-0.8, 6.2), (-2.0, 6.4), (-3.0, 5.6)]),
        0.42,
        soft=0.15,
        mottle=0.07,
    )
    tissue.stroke([(-2.98, 4.56), (-2.62, 4.2)], 0.95, width=0.13, soft=0.04, hard=0.9, dense=0.5)
    tissue.stroke(
        smooth([(-2.55, 4.78), (-2.2, 4.62), (-1.75, 4.66)], closed=False),
        0.92,
        width=0.14,
        hard=0.8,
        dense=0.6,
    )
    tissue.stroke([(-2.5, 5.25), (-1.4, 5.2)], 0.62, width=0.09, soft=0.05)
    tissue.fill(ellipse((-1.55, 4.98), 0.62, 0.13, tilt=2), 0.16, soft=0.06)
    tissue.stroke(
        smooth([(-1.5, 4.62), (-1.12, 4.62), (-0.86, 4.74)], closed=False),
        0.92,
        width=0.14,
        hard=0.8,
        dense=0.6,
    )
    tissue.fill(ellipse((-0.9, 6.1), 0.75, 0.2, tilt=55), 0.14, soft=0.1)
    outline = smooth(_FACE, closed=False)
    tissue.stroke(outline, 0.72, width=0.08, soft=0.035, hard=0.9)


def _trunk(tissue: Tissue) -> None:
    chest = smooth([(0.2, 5.7), (1.2, 5.1), (2.6, 4.9), (3.1, 6.2), (3.0, 7.8), (1.4, 7.7), (0.1, 7.3)])
    tissue.fill(chest, 0.45, soft=0.12, mottle=0.04)
    tissue.fill(ellipse((1.7, 6.35), 0.98, 0.78, tilt=25), 0.4, soft=0.06, hard=0.3)
    for spot, across, down in (
        ((1.35, 6.2), 0.42, 0.24),
        ((2.0, 6.55), 0.4, 0.26),
        ((1.75, 6.05), 0.3, 0.15),
    ):
        tissue.fill(ellipse(spot, across, down, tilt=25), 0.07, soft=0.05, hard=0.0, dense=-0.02)
    liver = smooth([(3.2, 4.9), (4.8, 4.85), (5.6, 5.6), (5.0, 6.6), (3.4, 6.9), (3.0, 5.9)])
    tissue.fill(liver, 0.43, soft=0.1, mottle=0.03)
    tissue.stroke(smooth([(2.85, 4.85), (3.15, 5.9), (3.05, 7.6)], closed=False), 0.2, width=0.07, soft=0.04)
    tissue.fill(ellipse((4.2, 7.0), 0.62, 0.34, tilt=-12), 0.05, soft=0.05, hard=0.0, dense=-0.03)
    tissue.fill(ellipse((6.5, 6.2), 0.42, 0.34), 0.05, soft=0.05, hard=0.0, dense=-0.03)
    for point in scattered([(5.4, 6.9)] * 22, 0.5, tissue.rng):
        tissue.fill(ellipse(point, 0.14, 0.1), float(tissue.rng.uniform(0.4, 0.66)), soft=0.06)
    tissue.stroke(smooth([(0.8, 7.35), (2.4, 7.6), (4.0, 7.8), (5.4, 7.7)], closed=False), 0.13, width=0.2, soft=0.05)
    _bones(tissue)


def _bones(tissue: Tissue) -> None:
    line = smooth(_SPINE, closed=False)
    tissue.stroke(line, 0.4, width=0.62, soft=0.12)
    for point in along(line, 25):
        tissue.fill(ellipse(point, 0.105, 0.085), 0.93, soft=0.04, hard=0.7, dense=0.75)
    for x, y in along(line, 25):
        tissue.fill(ellipse((x + 0.03, y + 0.42), 0.09, 0.06), 0.85, soft=0.04, hard=0.5, dense=0.5)
    for point in along(smooth([(0.7, 5.35), (1.5, 4.95), (2.7, 4.72), (3.4, 4.7)], closed=False), 8):
        tissue.fill(ellipse(point, 0.1, 0.07), 0.95, soft=0.035, hard=0.8, dense=1.6)


def _arm(tissue: Tissue) -> None:
    elbow, wrist = (1.55, 4.1), (0.1, 3.12)
    tissue.fill(limb((1.2, 5.1), elbow, 0.42, 0.36), 0.46, soft=0.05, hard=0.5)
    tissue.fill(limb(elbow, wrist, 0.36, 0.22), 0.46, soft=0.05, hard=0.6)
    tissue.stroke([between(elbow, wrist, 0.08), between(elbow, wrist, 0.92)], 0.96, width=0.11, hard=0.8, dense=0.8)
    palm = (-0.2, 2.98)
    tissue.fill(ellipse(palm, 0.34, 0.26, tilt=25), 0.48, soft=0.05, hard=0.6)
    fingers: list[tuple[Point, Point]] = [
        ((-0.45, 2.82), (-0.98, 2.62)),
        ((-0.5, 2.95), (-1.08, 2.86)),
        ((-0.48, 3.06), (-1.02, 3.1)),
        ((-0.42, 3.16), (-0.86, 3.3)),
    ]
    for root, tip in fingers:
        tissue.fill(limb(root, tip, 0.085, 0.065), 0.52, soft=0.03, hard=0.5)
        for share in (0.2, 0.55, 0.85):
            tissue.fill(ellipse(between(root, tip, share), 0.05, 0.04), 0.9, soft=0.03, dense=0.4)


def _legs(tissue: Tissue) -> None:
    hip, knee, heel = (6.6, 5.4), (7.3, 3.2), (8.9, 4.5)
    tissue.fill(limb(hip, knee, 0.75, 0.5), 0.47, soft=0.06, hard=0.6)
    tissue.stroke([between(hip, knee, 0.12), between(hip, knee, 0.88)], 0.95, width=0.16, hard=0.9, dense=1.1)
    tissue.fill(limb(knee, heel, 0.48, 0.28), 0.46, soft=0.06, hard=0.6)
    tissue.stroke([between(knee, heel, 0.12), between(knee, heel, 0.86)], 0.95, width=0.12, hard=0.9, dense=0.9)
    tissue.fill(limb(heel, (8.6, 5.3), 0.26, 0.16), 0.5, soft=0.05, hard=0.5)
