"""Turns the detector's heat into lines of text: one box for each row of print, in source pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import contrast
from deid.engine.detector import CELL, Heat
from deid.engine.reading import Text

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]

# so much certainty in all, in cells, makes a line
_LEAST = 1.5
# pieces of one row stand no further apart than this many times their height
_GAP = 1.0
_LEVEL = 0.5
# print lower than two such rows is one row
_LOW = 9
# between two rows stands less ink than this share of what the poorer of them has
_VALLEY = 0.35
_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """How sure the detector must be, from 0 to 1, for a line to begin and to go on (hysteresis, Canny 1986)."""

    sure: float = 0.6
    likely: float = 0.3


def lines(heat: Heat, searched: Mask, bounds: Bounds = Bounds(), *, picture: Pixels | None = None) -> list[Text]:
    """Return the unread lines in `heat` (cells) that touch `searched` (rows, columns), all with frames 0 to 0.

    With the `picture` (RGB) rows of print that stand close are told apart. `strength` is how sure the detector is at
    the surest cell, `glyphs` how many letters of usual width fit in.
    """
    rows, columns = searched.shape
    found = [_clipped(text, rows, columns) for text in _islands(heat, bounds, picture)]
    return _joined([text for text in found if _touches(text, searched)])


def _islands(heat: Heat, bounds: Bounds, picture: Pixels | None) -> Iterator[Text]:
    likely = (heat > bounds.likely).astype(np.uint8)
    count, found, stats, _ = cv2.connectedComponentsWithStats(likely, connectivity=8)
    labels = np.asarray(found, dtype=np.int32)
    peaks = np.zeros(count, np.float32)
    np.maximum.at(peaks, labels.ravel(), heat.ravel())
    sums = np.bincount(labels.ravel(), weights=heat.ravel(), minlength=count)
    for label in np.flatnonzero((peaks >= bounds.sure) & (sums >= _LEAST)):
        x, y, w, h, _ = (int(value) for value in stats[label])
        if label == 0:
            continue
        if picture is None:
            yield _text((x * CELL, y * CELL, w * CELL, h * CELL), strength=float(peaks[label]))
            continue
        island = (labels[y : y + h, x : x + w] == label).repeat(CELL, axis=0).repeat(CELL, axis=1)
        window = picture[y * CELL : (y + h) * CELL, x * CELL : (x + w) * CELL]
        ink = contrast.ink(window, island[: window.shape[0], : window.shape[1]])
        for left, top, wide, tall in _rows(island[: window.shape[0], : window.shape[1]], ink, depth=_DEPTH):
            yield _text((x * CELL + left, y * CELL + top, wide, tall), strength=float(peaks[label]))


def _rows(island: Mask, ink: Mask, *, depth: int) -> Iterator[tuple[int, int, int, int]]:
    """Part an island between its rows of print, and each row where the island itself has a gap, in turns."""
    for top, bottom in _bands(ink.sum(axis=1), np.asarray(island.any(axis=1))):
        band = island[top:bottom]
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


def _bands(profile: npt.NDArray[np.int64], present: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Cut where there is much less ink than in the rows of print above and below."""
    tall = len(profile)
    cuts, start = [], 0
    for row in range(_LOW // 2, tall - _LOW // 2):
        if row - start < _LOW // 2 + 1:
            continue
        above, below = int(profile[start:row].max()), int(profile[row + 1 : row + 1 + 2 * _LOW].max(initial=0))
        near = profile[max(start, row - 3) : row + 4]
        if profile[row] <= _VALLEY * min(above, below) and profile[row] == near.min() and below > 0:
            cuts.append(row)
            start = row
    for top, bottom in zip([0, *cuts], [*cuts, tall], strict=True):
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
