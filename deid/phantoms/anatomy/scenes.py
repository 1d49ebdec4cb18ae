"""One scene for each subject: how it is drawn, how deep one looks, what moves and what is measured."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from deid.phantoms.anatomy.abdomen import draw_abdomen
from deid.phantoms.anatomy.bones import FEMUR, draw_femur, draw_spine
from deid.phantoms.anatomy.head import draw_head
from deid.phantoms.anatomy.heart import HEART, draw_heart
from deid.phantoms.anatomy.profile import SHIFT, ZOOM, draw_profile
from deid.phantoms.curves import Point
from deid.phantoms.spec import Subject
from deid.phantoms.tissue import Tissue


@dataclass(frozen=True, slots=True)
class Pulse:
    """A movement that fades around a centre: a shift in centimetres or a swelling, `period` in frames."""

    centre: Point
    spread: float
    shift: Point = (0.0, 0.0)
    swell: float = 0.0
    period: float = 30.0
    lag: float = 0.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What one looks at, in centimetres; `calipers` are pairs of ends, `results` label and value."""

    draw: Callable[[Tissue, float], None]
    depth: float
    half_angle: float
    pulses: tuple[Pulse, ...] = ()
    calipers: tuple[tuple[Point, Point], ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    label: str = ""


def _on_profile(x: float, y: float) -> Point:
    return x * ZOOM + SHIFT[0], y * ZOOM + SHIFT[1]


_SWAY = Pulse((0.0, 6.5), 6.0, (0.1, 0.06), period=30)

SCENES: dict[Subject, Scene] = {
    Subject.PROFILE: Scene(
        draw_profile,
        12.9,
        math.radians(37),
        (
            _SWAY,
            Pulse(_on_profile(0.0, 3.1), 1.1, (0.3, -0.2), period=30),
            Pulse(_on_profile(1.7, 6.3), 0.9, swell=0.08, period=10),
            Pulse(_on_profile(-1.2, 4.4), 0.5, (0.0, 0.1), period=15, lag=3),
            Pulse(_on_profile(7.3, 3.4), 1.1, (0.12, 0.26), period=30, lag=5),
        ),
        label="PROFILE",
    ),
    Subject.HEAD: Scene(
        draw_head,
        10.6,
        math.radians(34),
        (_SWAY,),
        (((0.02, 3.02), (0.52, 8.3)), ((-3.3, 6.15), (3.72, 5.24))),
        (("BPD", "5.28 cm  21w6d"), ("HC", "19.4 cm  21w4d"), ("OFD", "7.08 cm")),
        "HEAD",
    ),
    Subject.ABDOMEN: Scene(
        draw_abdomen,
        10.4,
        math.radians(34),
        (_SWAY,),
        (((-0.45, 3.1), (0.45, 8.5)), ((-2.95, 5.3), (2.95, 6.3))),
        (("AC", "17.8 cm  22w5d"), ("APD", "5.47 cm"), ("TAD", "5.98 cm")),
        "ABDOMEN",
    ),
    Subject.FEMUR: Scene(
        draw_femur,
        9.4,
        math.radians(34),
        (_SWAY, Pulse((2.4, 4.6), 1.4, (0.05, 0.2), period=30)),
        (FEMUR,),
        (("FL", "3.56 cm  21w2d"), ("EFW", "412 g  +/- 60 g")),
        "FEMUR",
    ),
    Subject.SPINE: Scene(draw_spine, 9.8, math.radians(35), (_SWAY,), label="SPINE"),
    Subject.HEART: Scene(
        draw_heart,
        8.8,
        math.radians(33),
        (
            Pulse((0.0, 5.2), 6.0, (0.04, 0.03), period=30),
            Pulse((HEART[0] - 0.75, HEART[1] - 0.3), 0.75, swell=0.16, period=10),
            Pulse((HEART[0] + 0.4, HEART[1] + 0.55), 0.6, swell=-0.13, period=10, lag=2),
        ),
        (),
        (("FHR", "146 bpm"),),
        "4CH",
    ),
}
