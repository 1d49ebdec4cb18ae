"""What stands around the picture and is not text: rulers, bars, focus marks, thumbnails, buttons, logos."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from deid.training.chance import between, happens, pick, several, spread
from deid.training.glass import Glass
from deid.training.lettering import Colour, draw_colour, draw_style
from deid.training.marks import sign
from deid.training.texts import Kind

_LOGOS = ("GE", "V", "E", "PHILIPS", "SIEMENS", "VOLUSON", "acuson", "Canon", "TOSHIBA", "SAMSUNG", "mindray", "P", "S")
_LOGOS_HELD_OUT = ("HITACHI", "SonoSite", "esaote", "BK", "H", "alpinion", "FUJIFILM", "Z")


def around(rng: Generator, glass: Glass, *, held_out: bool) -> None:
    """Draw a few of the fittings around the picture."""
    for fitting in several(rng, _FITTINGS, 2, 6):
        fitting(rng, glass)
    if happens(rng, 0.6):
        _ruler(rng, glass, held_out=held_out)
    if happens(rng, 0.5):
        _orientation(rng, glass, held_out=held_out)
    if happens(rng, 0.5):
        _logo(rng, glass, held_out=held_out)


def _ruler(rng: Generator, glass: Glass, *, held_out: bool) -> None:
    """Draw a depth scale beside the picture, some of its ticks numbered."""
    x, y, w, h = glass.frame
    at = pick(rng, (x + w + 6, x + w - 4, max(8, x - 8), x + 4))
    at = min(max(4, at), glass.columns - 40)
    colour, step, long = draw_colour(rng), spread(rng, 6, 30), pick(rng, (5, 5, 10, 2))
    shape = pick(rng, ("line", "line", "dot", "plus"))
    for index, row in enumerate(np.arange(y, y + h, step)):
        reach = 6 if index % long == 0 else 3
        if shape == "line":
            cv2.line(glass.pixels, (at, int(row)), (at + reach, int(row)), colour, 1)
        else:
            sign(glass.pixels, (at, int(row)), shape, reach=reach // 2, colour=colour)
    glass.claim((at - 3, y, 10, h))
    if happens(rng, 0.6):
        _numbers(rng, glass, (at, y, h), step * long, held_out=held_out)


def _numbers(rng: Generator, glass: Glass, span: tuple[int, int, int], step: float, *, held_out: bool) -> None:
    at, y, h = span
    unit, style = pick(rng, (5, 1, 2, 10)), draw_style(rng, held_out=held_out)
    for index, row in enumerate(np.arange(y, y + h, step)):
        text = str(index * unit) if happens(rng, 0.95) else f"{index * unit}cm"
        glass.write(rng, text, (at + 10, int(row) + style.cap // 2), style, kind=Kind.SETTING)


def _bar(rng: Generator, glass: Glass) -> None:
    """Draw a grey bar or a colour bar with its steps or gradient."""
    x, y, w, _ = glass.frame
    wide, tall = between(rng, 6, 22), between(rng, 60, 220)
    left = pick(rng, (x + w + 14, glass.columns - wide - 12, max(6, x - wide - 14), 10))
    left = min(max(2, left), glass.columns - wide - 2)
    top = min(max(2, y + between(rng, -30, 60)), max(2, glass.rows - tall - 2))
    ramp = np.linspace(1, 0, tall)[:, None]
    if happens(rng, 0.3):
        ramp = np.round(ramp * 12) / 12
    if happens(rng, 0.5):
        colours = ramp * np.array((255, 255, 255))
    else:
        upper, lower = np.array(pick(rng, ((255, 220, 0), (255, 60, 0), (255, 255, 180)))), np.array((0, 140, 255))
        colours = np.where(ramp > 0.5, (ramp - 0.5) * 2 * upper, (0.5 - ramp) * 2 * lower)
    patch = glass.pixels[top : top + tall, left : left + wide]
    patch[:] = colours[: patch.shape[0], None, :].astype(np.uint8)
    if happens(rng, 0.5):
        cv2.rectangle(glass.pixels, (left - 1, top - 1), (left + wide, top + tall), (170, 170, 170), 1)
    glass.claim((left, top, wide, tall))


def _focus(rng: Generator, glass: Glass) -> None:
    """Draw focus marks beside the depth scale: triangles or hourglasses."""
    x, y, w, h = glass.frame
    colour, at = draw_colour(rng), min(x + w + between(rng, 2, 14), glass.columns - 10)
    for _ in range(between(rng, 1, 3)):
        row, size = between(rng, y, y + h - 1), between(rng, 3, 7)
        corners = np.array([(at, row), (at + size, row - size), (at + size, row + size)], np.int32)
        if happens(rng, 0.6):
            cv2.fillPoly(glass.pixels, [corners], colour)
        else:
            cv2.polylines(glass.pixels, [corners], True, colour, 1)
        glass.claim((at, row - size, size, 2 * size))


def _orientation(rng: Generator, glass: Glass, *, held_out: bool) -> None:
    """Draw the mark of the probe's side at the top of the picture: a dot, a ring or a vendor's sign."""
    x, y, w, _ = glass.frame
    at = (x + pick(rng, (w // 4, w // 2, 3 * w // 4)) + between(rng, -20, 20), max(10, y + between(rng, -6, 12)))
    size, colour = between(rng, 4, 9), draw_colour(rng)
    if happens(rng, 0.5):
        cv2.circle(glass.pixels, at, size, colour, -1 if happens(rng, 0.5) else 2, cv2.LINE_AA)
    else:
        style = draw_style(rng, held_out=held_out)
        glass.write(rng, pick(rng, "VPGESC"), at, style, kind=Kind.OTHER, counted=False)
    glass.claim((at[0] - size, at[1] - size, 2 * size, 2 * size))


def _thumbnails(rng: Generator, glass: Glass) -> None:
    """Draw a strip of the clipboard's thumbnails, small copies of the picture."""
    x, y, w, h = glass.frame
    wide, count = between(rng, 36, 70), between(rng, 2, 7)
    tall = wide * 3 // 4
    small = cv2.resize(glass.pixels[y : y + h, x : x + w], (wide, tall), interpolation=cv2.INTER_AREA)
    along, top = happens(rng, 0.5), glass.rows - tall - between(rng, 2, 12)
    for index in range(count):
        at = (8 + index * (wide + 6), top) if along else (glass.columns - wide - 6, 60 + index * (tall + 6))
        box = (*at, wide, tall)
        if at[0] + wide < glass.columns and at[1] + tall < glass.rows and not glass.area[at[1], at[0]]:
            glass.pixels[at[1] : at[1] + tall, at[0] : at[0] + wide] = small
            cv2.rectangle(glass.pixels, at, (at[0] + wide, at[1] + tall), (110, 110, 120), 1)
            glass.claim(box)


def _buttons(rng: Generator, glass: Glass) -> None:
    """Draw buttons with pictures on them instead of words."""
    size, base = between(rng, 14, 30), draw_colour(rng)
    left, top = between(rng, 4, glass.columns // 2), glass.rows - size - between(rng, 3, 30)
    face: Colour = (base[0] // 4, base[1] // 4, base[2] // 4)
    for index in range(between(rng, 2, 9)):
        x = left + index * (size + 5)
        if x + size >= glass.columns or glass.area[top, x]:
            return
        cv2.rectangle(glass.pixels, (x, top), (x + size, top + size), face, -1)
        cv2.rectangle(glass.pixels, (x, top), (x + size, top + size), (120, 120, 120), 1)
        middle = (x + size // 2, top + size // 2)
        sign(glass.pixels, middle, pick(rng, ("plus", "diamond", "square", "tee")), reach=size // 4, colour=base)
        glass.claim((x, top, size, size))


def _frame(rng: Generator, glass: Glass) -> None:
    """Draw lines that part the screen: a frame around the picture, a rule under the head or beside a column."""
    x, y, w, h = glass.frame
    colour: Colour = pick(rng, ((60, 60, 70), (110, 110, 110), (30, 60, 120), (200, 200, 200)))
    if happens(rng, 0.5):
        cv2.rectangle(glass.pixels, (x - 2, y - 2), (x + w + 1, y + h + 1), colour, 1)
    if happens(rng, 0.6):
        row = max(3, y - between(rng, 2, 8))
        cv2.line(glass.pixels, (0, row), (glass.columns, row), colour, between(rng, 1, 2))
        glass.claim((0, row, glass.columns, 1))


def _logo(rng: Generator, glass: Glass, *, held_out: bool) -> None:
    """Draw a vendor's logo, letters in a coloured shape: a detector may call it text or not."""
    style, at = draw_style(rng, held_out=held_out), (between(rng, 6, 30), between(rng, 24, 40))
    at = pick(rng, (at, (at[0], glass.rows - 10), (glass.columns - 110, at[1])))
    text = pick(rng, _LOGOS_HELD_OUT if held_out else _LOGOS)
    box = glass.write(rng, text, at, style, kind=Kind.OTHER, counted=False)
    if box is None:
        return
    x, y, w, h = box
    if happens(rng, 0.5) and len(text) < 3:
        cv2.circle(glass.pixels, (x + w // 2, y + h // 2), max(w, h), draw_colour(rng), 1, cv2.LINE_AA)
        glass.claim((x - h, y - h, w + 2 * h, 3 * h))


_FITTINGS: tuple[Callable[[Generator, Glass], None], ...] = (
    _bar,
    _bar,
    _focus,
    _thumbnails,
    _buttons,
    _frame,
)
