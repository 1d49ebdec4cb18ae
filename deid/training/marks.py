"""Marks in the picture that are not text: calipers, traces, guides, body marks, pointers, hooks and strokes."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from deid.training.chance import between, happens, pick, several, spread
from deid.training.glass import Glass, Pixels
from deid.training.lettering import Colour, draw_colour

Points = npt.NDArray[np.int32]


def scatter(rng: Generator, glass: Glass, *, fewest: int, most: int) -> None:
    """Draw between `fewest` and `most` kinds of marks over the picture."""
    for mark in several(rng, _MARKS, fewest, most):
        mark(rng, glass)


def measure(rng: Generator, glass: Glass) -> None:
    """Draw up to three kinds of the marks that machines draw over a picture."""
    for mark in several(rng, _REAL_MARKS, 0, 3):
        mark(rng, glass)


def point(rng: Generator, glass: Glass) -> None:
    """Draw the mouse's pointer and take the labels off what it hides."""
    x, y = between(rng, 5, glass.columns - 25), between(rng, 5, glass.rows - 30)
    arrow = np.array([(0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)], np.int32) + np.array(
        (x, y), np.int32
    )
    hidden = np.zeros(glass.area.shape, np.uint8)
    cv2.fillPoly(hidden, [arrow], 1)
    glass.wipe(hidden.astype(bool))
    cv2.fillPoly(glass.pixels, [arrow], (255, 255, 255))
    cv2.polylines(glass.pixels, [arrow], True, (0, 0, 0), 1)


def sign(pixels: Pixels, at: tuple[int, int], shape: str, *, reach: int, colour: Colour) -> None:
    """Draw one caliper end: a plus, a cross, a diagonal cross with gap, a diamond, a dot, a tee or a square."""
    x, y = at
    r = reach
    strokes: dict[str, list[tuple[int, int, int, int]]] = {
        "plus": [(-r, 0, r, 0), (0, -r, 0, r)],
        "cross": [(-r, -r, r, r), (-r, r, r, -r)],
        "gap": [(-r, 0, -2, 0), (2, 0, r, 0), (0, -r, 0, -2), (0, 2, 0, r)],
        "diamond": [(-r, 0, 0, -r), (0, -r, r, 0), (r, 0, 0, r), (0, r, -r, 0)],
        "tee": [(-r, 0, r, 0), (0, 0, 0, r)],
        "square": [(-r, -r, r, -r), (r, -r, r, r), (r, r, -r, r), (-r, r, -r, -r)],
        "star": [(-r, 0, r, 0), (0, -r, 0, r), (-r, -r, r, r), (-r, r, r, -r)],
        "dot": [(-1, 0, 1, 0), (0, -1, 0, 1)],
    }
    for x0, y0, x1, y1 in strokes[shape]:
        cv2.line(pixels, (x + x0, y + y0), (x + x1, y + y1), colour, 1)


_SHAPES = ("plus", "cross", "gap", "diamond", "tee", "square", "star", "dot")


def calipers(rng: Generator, glass: Glass) -> None:
    """Draw one to four pairs of calipers, often joined by a dotted line."""
    shape, colour, reach = pick(rng, _SHAPES), draw_colour(rng), between(rng, 3, 7)
    for _ in range(between(rng, 1, 4)):
        ends = _place(rng, glass), _place(rng, glass)
        if happens(rng, 0.6):
            dotted(glass.pixels, np.array(ends), colour, gap=between(rng, 3, 10))
        for end in ends:
            sign(glass.pixels, end, shape, reach=reach, colour=colour)


def dotted(pixels: Pixels, corners: Points, colour: Colour, *, gap: int, dash: int = 1) -> None:
    """Draw a dotted or dashed line through `corners` int (count, 2) of x and y."""
    for start, end in pairwise(corners):
        length = max(1, int(np.hypot(*(end - start))))
        for along in range(0, length, gap):
            first = start + (end - start) * along / length
            last = start + (end - start) * min(length, along + dash - 1) / length
            cv2.line(pixels, _whole(first), _whole(last), colour, 1)


def ellipse(rng: Generator, glass: Glass) -> None:
    """Draw a measuring ellipse, whole, dotted or dashed, with signs at its ends."""
    x, y = _place(rng, glass)
    _, _, w, h = glass.frame
    axes = (between(rng, 10, max(11, w // 5)), between(rng, 10, max(11, h // 5)))
    colour, turn = draw_colour(rng), between(rng, 0, 180)
    ring = np.array(cv2.ellipse2Poly((x, y), axes, turn, 0, 360, 2), np.int32)
    if happens(rng, 0.4):
        cv2.polylines(glass.pixels, [ring], True, colour, 1, cv2.LINE_AA)
    else:
        dotted(glass.pixels, ring[:: between(rng, 2, 4)], colour, gap=between(rng, 3, 6), dash=between(rng, 1, 3))
    for end in ring[:: max(1, len(ring) // 4)]:
        sign(glass.pixels, _whole(end), pick(rng, _SHAPES), reach=4, colour=colour)


def trace(rng: Generator, glass: Glass) -> None:
    """Draw a traced outline of dots or a thin line."""
    middle, radius = np.array(_place(rng, glass)), spread(rng, 12, 90)
    angles = np.linspace(0, 2 * np.pi, between(rng, 20, 70))
    radii = radius * (1 + 0.25 * np.sin(angles * between(rng, 2, 5) + rng.random() * 6) * rng.random())
    ring = (middle + np.stack((np.cos(angles) * radii, np.sin(angles) * radii * spread(rng, 0.5, 1)), axis=1)).astype(
        np.int32
    )
    dotted(glass.pixels, ring, draw_colour(rng), gap=between(rng, 2, 7), dash=between(rng, 1, 3))


def region(rng: Generator, glass: Glass) -> None:
    """Draw the frame of a colour box or of a zoomed part: a slanted or upright box, whole or dashed."""
    x, y = _place(rng, glass)
    w, h, lean = between(rng, 25, 220), between(rng, 20, 180), between(rng, -40, 40) if happens(rng, 0.4) else 0
    corners = np.array([(x, y), (x + w, y), (x + w + lean, y + h), (x + lean, y + h), (x, y)], np.int32)
    if happens(rng, 0.5):
        cv2.polylines(glass.pixels, [corners], True, draw_colour(rng), between(rng, 1, 2))
    else:
        dotted(glass.pixels, corners, draw_colour(rng), gap=between(rng, 4, 9), dash=between(rng, 1, 4))


def guide(rng: Generator, glass: Glass) -> None:
    """Draw the two dotted lines of a biopsy guide, or a beam's line with its gate."""
    top, foot = np.array(_place(rng, glass)), np.array(_place(rng, glass))
    colour = draw_colour(rng)
    apart = np.array((between(rng, 8, 24), 0))
    for line in (np.array((top, foot)), np.array((top, foot)) + apart):
        dotted(glass.pixels, line, colour, gap=between(rng, 6, 12), dash=between(rng, 1, 5))
    if happens(rng, 0.5):
        middle, along = (top + foot) // 2, np.array((8, 0))
        for aside in np.array(((0, -6), (0, 6))):
            cv2.line(glass.pixels, _whole(middle + aside - along), _whole(middle + aside + along), colour, 1)


def heartbeat(rng: Generator, glass: Glass) -> None:
    """Draw an ECG or a breathing curve across the foot of the picture."""
    x, y, w, h = glass.frame
    along = np.arange(x, x + w, 2)
    period, base, size = spread(rng, 40, 160), y + h - between(rng, 12, 70), spread(rng, 6, 28)
    phase = (along % period) / period
    beat = np.exp(-(((phase - 0.4) / 0.015) ** 2)) - 0.25 * np.exp(-(((phase - 0.44) / 0.02) ** 2))
    wave = beat + 0.2 * np.exp(-(((phase - 0.65) / 0.05) ** 2)) if happens(rng, 0.7) else np.sin(phase * 2 * np.pi)
    curve = np.stack((along, base - size * wave), axis=1).astype(np.int32)
    cv2.polylines(glass.pixels, [curve], False, draw_colour(rng), 1, cv2.LINE_AA if happens(rng, 0.5) else cv2.LINE_8)


def body_mark(rng: Generator, glass: Glass) -> None:
    """Draw a body mark: a belly, a fetus or a breast in thin lines with the probe across it."""
    x, y = _place(rng, glass)
    colour, size = draw_colour(rng), between(rng, 14, 34)
    cv2.ellipse(glass.pixels, (x, y), (size, int(size * 1.2)), 0, 0, 360, colour, 1, cv2.LINE_AA)
    cv2.ellipse(glass.pixels, (x, y - size // 3), (size // 3, size // 3), 0, 30, 330, colour, 1, cv2.LINE_AA)
    cv2.ellipse(glass.pixels, (x, y + size // 3), (size // 2, size // 4), 20, 0, 220, colour, 1, cv2.LINE_AA)
    probe = (x + between(rng, -size, size), y + between(rng, -size, size))
    cv2.line(glass.pixels, (x, y), probe, (0, 255, 0) if happens(rng, 0.5) else colour, 3)
    glass.claim((x - size, y - size, 2 * size, 2 * size))


def grid(rng: Generator, glass: Glass) -> None:
    """Draw a grid of lines or of dots over a part of the picture."""
    x, y = _place(rng, glass)
    colour, step, count = draw_colour(rng), between(rng, 10, 40), between(rng, 3, 8)
    only_dots = happens(rng, 0.5)
    for row in range(count):
        for column in range(count):
            at = (x + column * step, y + row * step)
            if only_dots:
                sign(glass.pixels, at, "dot", reach=1, colour=colour)
            else:
                cv2.rectangle(glass.pixels, at, (at[0] + step, at[1] + step), colour, 1)


def hatching(rng: Generator, glass: Glass) -> None:
    """Draw parallel short strokes, as shading or as a spectral scale."""
    x, y = _place(rng, glass)
    colour, step, length, lean = draw_colour(rng), between(rng, 3, 8), between(rng, 5, 18), between(rng, -8, 8)
    for stroke in range(between(rng, 5, 22)):
        cv2.line(glass.pixels, (x + stroke * step, y), (x + stroke * step + lean, y + length), colour, 1)


def arrows(rng: Generator, glass: Glass) -> None:
    """Draw one to three arrows, thin or filled."""
    for _ in range(between(rng, 1, 3)):
        tip, tail = _place(rng, glass), np.array(_place(rng, glass))
        tail = np.array(tip) + np.clip(tail - np.array(tip), -50, 50)
        cv2.arrowedLine(glass.pixels, _whole(tail), tip, draw_colour(rng), between(rng, 1, 3), cv2.LINE_AA, 0, 0.3)


def shapes(rng: Generator, glass: Glass) -> None:
    """Draw rings, hooks and bars of a letter's size and strength that spell nothing, far from each other."""
    for _ in range(between(rng, 3, 10)):
        x, y = _place(rng, glass)
        colour, size, thick = draw_colour(rng), between(rng, 4, 11), between(rng, 1, 2)
        first = between(rng, 0, 360)
        if happens(rng, 0.5):
            cv2.ellipse(glass.pixels, (x, y), (size, size), first, 0, between(rng, 90, 360), colour, thick, cv2.LINE_AA)
        else:
            cv2.line(glass.pixels, (x, y), (x + between(rng, -size, size), y + size), colour, thick, cv2.LINE_AA)


def _place(rng: Generator, glass: Glass) -> tuple[int, int]:
    x, y, w, h = glass.frame
    return between(rng, x + 2, x + w - 3), between(rng, y + 2, y + h - 3)


def _whole(point: Sequence[float] | npt.NDArray[np.generic]) -> tuple[int, int]:
    return int(point[0]), int(point[1])


_MARKS: tuple[Callable[[Generator, Glass], None], ...] = (
    calipers,
    calipers,
    ellipse,
    trace,
    region,
    guide,
    heartbeat,
    body_mark,
    grid,
    hatching,
    arrows,
    shapes,
)
_REAL_MARKS = (calipers, ellipse, trace, region, guide, heartbeat, body_mark, arrows)
