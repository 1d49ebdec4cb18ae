"""Turns the detector's heat into lines of text: one box for each row of print, in source pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import contrast
from deid.engine.detector import CELL, Heat
from deid.engine.reading import Text

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]
# x, y, w and h in pixels of a window
_Place = tuple[int, int, int, int]

# so much certainty in all, in cells, makes a line
_LEAST = 1.5
# pieces of one row stand no further apart than this many times their height
_GAP = 1.0
# nor further than that of letters so high: what is higher is hardly one row of them
_TALL = 20
_LEVEL = 0.5
# a row of print has so many rows of pixels; between two stands less than this share of the most ink so far round them
_LOW = 4
_VALLEY = 0.3
_NEAR = 9
_DEPTH = 3
# beside a line the detector needs to be no surer than this
_SUSPECTED = 0.04
# the heat reaches so far beyond ink, whose edge is so soft, in pixels
_HALO = 6
_SOFT = 2


@dataclass(frozen=True, slots=True)
class Bounds:
    """How sure the detector must be, from 0 to 1, for a line to begin and to go on (hysteresis, Canny 1986)."""

    sure: float = 0.35
    likely: float = 0.12


def lines(heat: Heat, searched: Mask, bounds: Bounds = Bounds(), *, picture: Pixels | None = None) -> list[Text]:
    """Return the whole unread lines in `heat` (cells) that touch `searched` (rows, columns), with frames 0 to 0.

    With the `picture` (RGB) rows of print that stand close are told apart. `strength` is how sure the detector is at
    the surest cell, `glyphs` how many letters of usual width fit in.
    """
    rows, columns = searched.shape
    found = _joined([_clipped(text, rows, columns) for text in _islands(heat, searched, bounds, picture)])
    suspected = (heat > _SUSPECTED) & ~_taken(found, heat.shape)
    drawn = [_drawn_out(line, suspected, columns) for line in found]
    return [line for line in _joined(drawn) if _touches(line, searched)]


def _islands(heat: Heat, searched: Mask, bounds: Bounds, picture: Pixels | None) -> Iterator[Text]:
    """Yield the pieces of lines: all of those that may be part of a line that touches `searched`."""
    likely = (heat > bounds.likely).astype(np.uint8)
    count, found, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    labels = np.asarray(found, dtype=np.int32)
    peaks = np.zeros(count, np.float32)
    cells = np.flatnonzero(likely)
    owners, values = labels.ravel()[cells], heat.ravel()[cells]
    np.maximum.at(peaks, owners, values)
    sums = np.bincount(owners, weights=values, minlength=count)
    text = (peaks >= bounds.sure) & (sums >= _LEAST)
    for label in _beside(np.flatnonzero(text), np.asarray(stats, dtype=np.int64), searched):
        x, y, w, h, _ = (int(value) for value in stats[label])
        if picture is None:
            yield _text((x * CELL, y * CELL, w * CELL, h * CELL), strength=float(peaks[label]))
            continue
        island = (labels[y : y + h, x : x + w] == label).repeat(CELL, axis=0).repeat(CELL, axis=1)
        window = picture[y * CELL : (y + h) * CELL, x * CELL : (x + w) * CELL]
        ink = contrast.ink(window, island[: window.shape[0], : window.shape[1]])
        for row in _rows(island[: window.shape[0], : window.shape[1]], ink, depth=_DEPTH):
            left, top, wide, tall = _tightened(row, ink)
            yield _text((x * CELL + left, y * CELL + top, wide, tall), strength=float(peaks[label]))


def _beside(labels: Labels, stats: Labels, searched: Mask) -> Labels:
    """Return the islands in bands of rows that reach `searched` rows: no line is joined out of the rows of its band."""
    rows = np.zeros(-(-len(searched) // CELL), np.bool_)
    for top, tall in stats[labels][:, (cv2.CC_STAT_TOP, cv2.CC_STAT_HEIGHT)].tolist():
        rows[top : top + tall] = True
    bands = np.cumsum(np.diff(rows, prepend=False))
    wanted = bands[rows & np.pad(searched.any(axis=1), (0, -len(searched) % CELL)).reshape(-1, CELL).any(axis=1)]
    return labels[np.isin(bands[stats[labels, cv2.CC_STAT_TOP]], wanted)]


def _rows(island: Mask, ink: Mask, *, depth: int) -> Iterator[_Place]:
    """Part an island between its rows of print, and each row where the island itself has a gap, in turns."""
    for top, bottom in _bands(ink.sum(axis=1), np.asarray(island.any(axis=1))):
        band = _without_neighbours(island, top, bottom)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(band.astype(np.uint8), connectivity=8)
        for label, (x, y, w, h, _) in enumerate(stats.tolist()[1:], start=1):
            part = labels[y : y + h, x : x + w] == label
            inked = ink[top + y : top + y + h, x : x + w] & part
            if depth and (h < len(island) or w < island.shape[1]):
                yield from (
                    (x + left, top + y + above, wide, tall)
                    for left, above, wide, tall in _rows(part, inked, depth=depth - 1)
                )
            else:
                yield x, top + y, w, h


def _without_neighbours(island: Mask, top: int, bottom: int) -> Mask:
    """Return a row of an island, without the columns where only the halo of the row above or below reaches into it."""
    above = min(CELL, (bottom - top) // 3) if top and island[top - 1].any() else 0
    below = min(CELL, (bottom - top) // 3) if bottom < len(island) and island[bottom].any() else 0
    band = island[top:bottom]
    own = band[above : len(band) - below].any(axis=0)
    return band & own


def _tightened(row: _Place, ink: Mask) -> _Place:
    """Return a row without the halo of the heat: up to a cell's breadth on each side in which there is no ink."""
    x, y, w, h = row
    inside = ink[y : y + h, x : x + w]
    columns, lines = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    if not columns.size:
        return row
    left, right = _shaved(columns, w)
    top, bottom = _shaved(lines, h)
    return x + left, y + top, right - left, bottom - top


def _shaved(inked: npt.NDArray[np.int64], size: int) -> tuple[int, int]:
    """Return where a side begins and ends, with a soft edge round its ink, and at most `_HALO` shorter at each end."""
    first, last = int(inked[0]) - _SOFT, int(inked[-1]) + 1 + _SOFT
    return min(_HALO, max(0, first)), max(size - _HALO, min(size, last))


def _taken(found: list[Text], shape: tuple[int, ...]) -> Mask:
    """Say which cells lines take, with the cells above and below, over which their halo reaches."""
    taken = np.zeros(shape, np.bool_)
    for line in found:
        top, bottom = max(0, line.y // CELL - 1), -(-(line.y + line.h) // CELL) + 1
        taken[top:bottom, line.x // CELL : -(-(line.x + line.w) // CELL)] = True
    return taken


def _drawn_out(line: Text, suspected: Mask, columns: int) -> Text:
    """Follow a line to both sides over cells where the detector only suspects text: what stands beside text is text.

    What lines take is not suspected: none goes on along the row above or below it.
    """
    top, bottom = -(-line.y // CELL), (line.y + line.h) // CELL
    if top >= bottom:
        top, bottom = line.y // CELL, -(-(line.y + line.h) // CELL)
    band = np.asarray(suspected[top:bottom].any(axis=0))
    reach = max(2, round(_GAP * min(line.h, _TALL) / CELL))
    first, last = line.x // CELL, -(-(line.x + line.w) // CELL)
    while (near := np.flatnonzero(band[max(0, first - reach) : first])).size:
        first = max(0, first - reach) + int(near[0])
    while (near := np.flatnonzero(band[last : last + reach])).size:
        last += int(near[-1]) + 1
    x = min(line.x, first * CELL)
    return replace(line, x=x, w=min(columns, max(line.x + line.w, last * CELL)) - x)


def _bands(profile: npt.NDArray[np.int64], present: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Cut in the middle between rows of print, where there is much less ink than in those above and below."""
    tall = len(profile)
    levels = profile.astype(np.float32)[:, np.newaxis]
    near = np.asarray(cv2.dilate(levels, np.ones((2 * _NEAR + 1, 1), np.uint8)), dtype=np.float32)
    edges = np.flatnonzero(np.diff(np.pad((levels > _VALLEY * near)[:, 0].astype(np.int8), 1)))
    prints = [(int(top), int(bottom)) for top, bottom in edges.reshape(-1, 2) if bottom - top >= _LOW]
    cuts = [(above[1] + below[0]) // 2 for above, below in pairwise(prints)]
    for top, bottom in pairwise((0, *cuts, tall)):
        if present[top:bottom].any():
            yield top, bottom


def _text(box: tuple[int, int, int, int], *, strength: float) -> Text:
    x, y, w, h = box
    return Text(x, y, w, h, 0, 0, glyphs=max(1, round(1.6 * w / h)), strength=round(strength, 3))


def _joined(found: list[Text]) -> list[Text]:
    """Join pieces that stand beside each other in one row."""
    done: list[Text] = []
    for piece in sorted(found, key=lambda text: text.x):
        fitting = next((line for line in done if _goes_on(line, piece)), None)
        if fitting is None:
            done.append(piece)
        else:
            done[done.index(fitting)] = _hull(fitting, piece)
    return done


def _goes_on(line: Text, piece: Text) -> bool:
    shared = min(line.y + line.h, piece.y + piece.h) - max(line.y, piece.y)
    low, tall = min(line.h, piece.h), max(line.h, piece.h)
    return shared >= _LEVEL * tall and tall <= 2 * low and piece.x - (line.x + line.w) <= _GAP * low


def _hull(one: Text, two: Text) -> Text:
    x, y = min(one.x, two.x), min(one.y, two.y)
    right, bottom = max(one.x + one.w, two.x + two.w), max(one.y + one.h, two.y + two.h)
    return replace(
        one,
        x=x,
        y=y,
        w=right - x,
        h=bottom - y,
        glyphs=one.glyphs + two.glyphs,
        strength=max(one.strength, two.strength),
    )


def _touches(text: Text, searched: Mask) -> bool:
    return bool(searched[text.y : text.y + text.h, text.x : text.x + text.w].any())


def _clipped(text: Text, rows: int, columns: int) -> Text:
    return replace(text, w=min(text.w, columns - text.x), h=min(text.h, rows - text.y))
