"""Marks of measuring over and beside the echoes: depth scale, focus, calipers and the box of results."""

import math

from deid.phantoms.anatomy.scenes import Scene
from deid.phantoms.curves import Point, between
from deid.phantoms.dress import DRESSES, Dress, picture_box, text_size
from deid.phantoms.ink import Pen
from deid.phantoms.sector import Sector
from deid.phantoms.spec import Kind, Spec


def mark_echoes(pen: Pen, spec: Spec, scene: Scene, sector: Sector) -> None:
    """Draw the depth scale and, where the order asks for it, what was measured."""
    dress = DRESSES[spec.layout]
    _scale(pen, spec, dress, sector)
    if spec.measured:
        for pair in scene.calipers:
            _caliper(pen, spec, dress, (_pixel(pair[0], sector), _pixel(pair[1], sector)))
        _results(pen, spec, dress, scene)


def label_picture(pen: Pen, spec: Spec, text: str) -> None:
    """Name what is shown, in the lower right corner of the picture's box."""
    dress, size = DRESSES[spec.layout], text_size(spec, 0.019)
    left, top, width, height = picture_box(spec)
    at = (left + width, top + height - size * 0.3)
    pen.write(at, text, kind=Kind.SETTING, size=size, colour=dress.accent, style=dress.plain, anchor="rs")


def _pixel(point: Point, sector: Sector) -> Point:
    x0, y0 = sector.origin
    return x0 + point[0] * sector.scale, y0 + point[1] * sector.scale


def _scale(pen: Pen, spec: Spec, dress: Dress, sector: Sector) -> None:
    y0 = sector.origin[1]
    x = round(sector.left + sector.width + spec.width * 0.012)
    size = text_size(spec, 0.016)
    for centimetre in range(int(sector.depth) + 1):
        y = y0 + centimetre * sector.scale
        whole = centimetre % 5 == 0
        pen.line([(x, y), (x + spec.width * (0.010 if whole else 0.005), y)], dress.soft)
        if whole and centimetre:
            at = (x + spec.width * 0.014, y)
            text = str(centimetre)
            pen.write(at, text, kind=Kind.SETTING, size=size, colour=dress.soft, style=dress.plain, anchor="lm")
    y, wing = y0 + sector.depth * 0.42 * sector.scale, spec.width * 0.006
    pen.line([(x - 2, y - wing), (x - 2 - wing, y), (x - 2, y + wing)], dress.accent, width=2)


def _caliper(pen: Pen, spec: Spec, dress: Dress, ends: tuple[Point, Point]) -> None:
    arm = max(3, round(spec.width * 0.006))
    for x, y in ends:
        pen.line([(x - arm, y), (x + arm, y)], dress.accent)
        pen.line([(x, y - arm), (x, y + arm)], dress.accent)
    dots = max(2, int(math.dist(*ends) / (arm * 1.6)))
    for number in range(1, dots):
        x, y = between(*ends, number / dots)
        pen.block((round(x), round(y), round(x) + 1, round(y)), dress.accent)


def _results(pen: Pen, spec: Spec, dress: Dress, scene: Scene) -> None:
    if not scene.results:
        return
    size = text_size(spec, 0.019)
    left, top, _, height = picture_box(spec)
    tall, wide = round(size * (1.4 * len(scene.results) + 0.8)), round(size * 14.5)
    x, y = left + round(size * 0.3), top + height - tall - 1
    pen.block((x, y, x + wide, y + tall), (30, 34, 40), opacity=250, round_by=max(1, size // 3))
    for number, (label, value) in enumerate(scene.results):
        line = y + size * (0.5 + 1.4 * number)
        for at, text, colour in ((0.6, label, dress.accent), (3.8, value, (235, 235, 235))):
            place = (x + size * at, line)
            pen.write(place, text, kind=Kind.MEASUREMENT, size=size, colour=colour, style=dress.plain)
