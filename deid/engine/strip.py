"""Traces along time, M-mode and spectral Doppler: strips that fill a rectangle up to their highest peaks."""

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import sector_shape
from deid.engine.sector_shape import Outline

Grey = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

# a strip is so much wider than high, takes such a share of the screen's columns and, as no row of buttons does, of its
# rows, and fills most of its rectangle; one side goes straight down over such a share of its height at least, give or
# take some columns, told against the rows
_WIDE, _ACROSS, _HIGH, _FULL = 1.8, 0.3, 0.11, 0.85
_DOWN, _ASIDE = 0.2, 1 / 110
# a row belongs to a strip where so much of it is lit; so few rows between its rows may be dark
_LIT, _DARK = 0.015, 2
# what is much smaller than a strip does not end it, and belongs to it where most of it lies in it
_LESS, _MOSTLY = 0.25, 0.7
# a row of another picture covers so much of a strip's width
_TAKEN = 0.1
# a strip is at most so many times as high as what was seen of it at first
_MOST_GROWN = 3.0


def apart(found: Sequence[Outline], lit: Grey) -> list[Outline]:
    """Return the outlines, the strips among them whole and what is left joined to pictures; largest first.

    `lit` (rows, columns) is 1 on what stands out from the paint and is no text.
    """
    left = sorted(found, key=lambda one: -one.area)
    strips: list[Outline] = []
    for one in [one for one in left if is_strip(one, (lit.shape[0], lit.shape[1]))]:
        if any(_lies_in(one, other) for other in strips):
            continue
        others = [other for other in left if other is not one and other.area >= _LESS * one.area]
        strips.append(rectangle(one, lit, others))
        left = [other for other in left if other is not one and not _lies_in(other, strips[-1])]
    return sorted(strips + sector_shape.together(left), key=lambda one: -one.area)


def is_strip(one: Outline, screen: tuple[int, int]) -> bool:
    """Say whether `one` is wide and upright as a trace is, on a `screen` of so many rows and columns."""
    x, _, w, h = one.box
    wide = (
        w > _WIDE * h and w >= _ACROSS * screen[1] and h >= _HIGH * screen[0] and one.area >= _FULL * (w - 1) * (h - 1)
    )
    aside = max(2, round(_ASIDE * screen[0]))
    return wide and max(_down(one, x, aside), _down(one, x + w - 1, aside)) >= _DOWN * h


def rectangle(one: Outline, lit: Grey, others: Sequence[Outline]) -> Outline:
    """Return the strip `one` grown to the whole rows above and below that go on in it, up to the `others`.

    `lit` (rows, columns) is 1 on what stands out from the paint and is no text.
    """
    x, y, w, h = one.box
    taken = np.zeros_like(lit)
    for other in others:
        cv2.fillConvexPoly(taken, other.points, 1)
    rows = (lit[:, x : x + w].mean(axis=1) > _LIT) & (taken[:, x : x + w].mean(axis=1) < _TAKEN)
    reach = round(_MOST_GROWN * h)
    top = y - _run(rows[max(0, y - reach) : y][::-1])
    bottom = y + h - 1 + _run(rows[y + h : y + h + reach])
    corners = np.array([[[x, top]], [[x + w - 1, top]], [[x + w - 1, bottom]], [[x, bottom]]], np.int32)
    return Outline(corners, float(cv2.contourArea(corners)) * min(1.0, one.seen / one.area))


def _down(one: Outline, x: int, aside: int) -> int:
    """Return over how many rows the outline goes down along column `x`, `aside` columns from it at most."""
    rows = one.points[np.abs(one.points[:, 0, 0] - x) <= aside, 0, 1]
    return int(np.ptp(rows)) + 1 if rows.size else 0


def _lies_in(small: Outline, large: Outline) -> bool:
    """Say whether most of the box of `small` lies in that of `large`."""
    x, y, w, h = small.box
    left, top, across, down = large.box
    width, height = min(x + w, left + across) - max(x, left), min(y + h, top + down) - max(y, top)
    return min(width, height) > 0 and width * height >= _MOSTLY * w * h


def _run(rows: Flags) -> int:
    """Return how many rows from the first on are lit but for a few between them."""
    lit = np.flatnonzero(rows)
    gaps = np.flatnonzero(np.diff(lit, prepend=-1) > _DARK + 1)
    within = lit[: gaps[0]] if gaps.size else lit
    return int(within[-1]) + 1 if within.size else 0
