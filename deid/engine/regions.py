"""The ultrasound area: declared regions that agree with the pixels, or else the sector found in the pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from pydicom import Dataset

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Rectangle = tuple[int, int, int, int]

# PS3.3 C.8.5.5.1.1 and C.8.5.5.1.2: 2D, M-mode, spectral; tissue, colour flow, the Doppler traces and modes
_FORMATS = frozenset({1, 2, 3})
_TYPES = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 17, 18})
_OVERSHOOT = 2
_LEAST_SHARE = 0.02
_LEAST_ECHOES = 0.01
_AGREEMENT = 0.97
_DARK = 10
_FAINT = 4
_BAR = 0.85
# finer rows than this tell nothing about where the sector lies
_ENOUGH_ROWS = 350
# parts are one sector where their common hull is not much larger than they are
_ONE_HULL = 1.35


@dataclass(frozen=True, slots=True)
class Area:
    """What is kept: `mask` is (rows, columns), True inside; `sector` is the part with echoes; doubt is `certain`
    False.
    """

    mask: Mask
    sector: Mask
    certain: bool


def find(dataset: Dataset, frames: Sequence[Pixels]) -> Area:
    """Return the area of `frames` (RGB, equal sizes), from SequenceOfUltrasoundRegions where the pixels agree.

    A declared region is taken if its corners (inclusive, PS3.3 C.8.5.5) lie inside the picture, if it is not the
    whole screen, and if the sector seen in the pixels lies inside the regions. Otherwise the sector itself is the
    area, and the area is certain only if the sector has the shape and size of one.
    """
    rows, columns = frames[0].shape[:2]
    parts = _sectors(frames)
    sector = _union(parts, (rows, columns))
    declared = _declared(dataset, rows=rows, columns=columns)
    mask = np.zeros((rows, columns), dtype=np.bool_)
    for x0, y0, x1, y1 in declared:
        mask[y0 : y1 + 1, x0 : x1 + 1] = True
    if declared and (_agrees(parts[0], mask) if parts else _smooth_inside(frames, mask)):
        return Area(mask=mask, sector=(_with_edge(sector) & mask) if parts else mask, certain=True)
    return Area(mask=sector, sector=sector, certain=_shapely(parts, (rows, columns)))


def _with_edge(sector: Mask) -> Mask:
    """Return `sector` with a narrow rim: at its very edge are echoes still, and no text on the dark."""
    reach = max(3, round(len(sector) / 64))
    return np.asarray(cv2.dilate(sector.astype(np.uint8), np.ones((2 * reach + 1,) * 2, np.uint8)), dtype=np.bool_)


def _agrees(largest: Mask, declared: Mask) -> bool:
    """The largest part with echoes lies in the declared regions; a scaled or cropped file's does not."""
    seen = int(largest.sum())
    return seen >= _LEAST_ECHOES * largest.size and int((largest & declared).sum()) >= _AGREEMENT * seen


def _smooth_inside(frames: Sequence[Pixels], declared: Mask) -> bool:
    """A picture without any speckle, as some volume renderers make, agrees if nearly all large light is inside."""
    light = np.max([frame.max(axis=2) for frame in frames], axis=0)
    size = max(9, round(len(light) / 30) | 1)
    blobs = cv2.morphologyEx((light > _DARK + _FAINT).astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    # bars over the whole width are no picture
    blobs[(blobs > 0).mean(axis=1) > _BAR] = 0
    seen, inside = int(blobs.sum()), int(blobs[declared].sum())
    return inside >= 0.1 * int(declared.sum()) and inside >= 0.9 * seen


def _declared(dataset: Dataset, *, rows: int, columns: int) -> list[Rectangle]:
    found = []
    for item in dataset.get("SequenceOfUltrasoundRegions", None) or ():
        rectangle = _rectangle(item, rows=rows, columns=columns)
        if rectangle is not None:
            found.append(rectangle)
    return found


def _rectangle(item: Dataset, *, rows: int, columns: int) -> Rectangle | None:
    try:
        if int(item.RegionSpatialFormat) not in _FORMATS or int(item.RegionDataType) not in _TYPES:
            return None
        x0, y0 = int(item.RegionLocationMinX0), int(item.RegionLocationMinY0)
        x1, y1 = int(item.RegionLocationMaxX1), int(item.RegionLocationMaxY1)
    except (AttributeError, TypeError, ValueError):
        return None
    if x1 >= columns + _OVERSHOOT or y1 >= rows + _OVERSHOOT or x0 < 0 or y0 < 0:
        return None
    x1, y1 = min(x1, columns - 1), min(y1, rows - 1)
    share = (x1 - x0 + 1) * (y1 - y0 + 1) / (rows * columns) if x1 > x0 and y1 > y0 else 0.0
    # a region over the whole screen says nothing about where the identity strip stands
    return (x0, y0, x1, y1) if _LEAST_SHARE <= share <= 0.97 and min(x1 - x0, y1 - y0) > 8 else None


def _sectors(frames: Sequence[Pixels]) -> list[Mask]:
    """Return the convex hulls of the parts with echoes, largest first; one hull for parts that belong together.

    Text is thin and vanishes in a median; bars and backgrounds are flat; what is left is speckle and colour. Round
    what is surely speckle, everything lit that hangs together with it belongs to the sector too: dark water and
    shadows lie between its parts.
    """
    if min(frames[0].shape[:2]) >= 2 * _ENOUGH_ROWS:
        halves = _sectors([np.ascontiguousarray(frame[::2, ::2]) for frame in frames])
        rows, columns = frames[0].shape[:2]
        return [part.repeat(2, axis=0).repeat(2, axis=1)[:rows, :columns] for part in halves]
    rows, columns = frames[0].shape[:2]
    texture, lit = np.zeros((rows, columns), dtype=np.uint8), np.zeros((rows, columns), dtype=np.uint8)
    for frame in frames:
        sure, maybe = _texture(frame)
        texture |= sure
        lit |= maybe
    span = max(3, round(min(rows, columns) / 60) | 1)
    closed = cv2.morphologyEx(texture, cv2.MORPH_CLOSE, np.ones((span, span), np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((2 * span + 1, 2 * span + 1), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(opened, np.uint8), connectivity=8)
    areas, w, h = stats[:, cv2.CC_STAT_AREA], stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    largest = int(areas[1:].max(initial=0))
    wanted = (areas >= 0.02 * largest) & (np.minimum(w, h) >= 0.04 * rows) & (np.maximum(w, h) >= 0.12 * rows)
    wanted[0] = False
    seeds = wanted[labels]
    if not seeds.any():
        return []
    grown = _grown(seeds, lit, reach=2 * span)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown.astype(np.uint8), connectivity=8)
    order = sorted(range(1, len(stats)), key=lambda label: -int(stats[label, cv2.CC_STAT_AREA]))
    parts = [_hull(labels == label) for label in order]
    whole, apart = _hull(grown), _union(parts, (rows, columns))
    if int(whole.sum()) <= _ONE_HULL * int(apart.sum()):
        return [whole]
    return [part for part in parts if int(part.sum()) >= 0.15 * int(parts[0].sum()) and not _is_strip(part)]


def _is_strip(part: Mask) -> bool:
    """A row of buttons is low and wide; a picture of its own is not."""
    tall, wide = int(part.any(axis=1).sum()), int(part.any(axis=0).sum())
    return tall < 0.1 * len(part) and wide > 5 * tall


def _grown(seeds: Mask, lit: npt.NDArray[np.uint8], *, reach: int) -> Mask:
    """Return `seeds` and what is lit within `reach` pixels of them and hangs together with them."""
    near = cv2.dilate(seeds.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    joined = cv2.morphologyEx(cv2.bitwise_and(lit, near), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    _, labels = cv2.connectedComponents((joined | seeds).astype(np.uint8), connectivity=8)
    hanging = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
    hanging[np.unique(labels[seeds])] = True
    hanging[0] = False
    return np.asarray(hanging[labels], dtype=np.bool_)


def _texture(frame: Pixels) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return what is surely speckle or colour, and everything lit that is no bar."""
    luma = np.asarray(frame.max(axis=2), dtype=np.uint8)
    size = max(3, round(min(luma.shape) / 90) | 1)
    # the commonest grey is the screen's own black, which is seldom exactly zero
    ground = int(np.bincount(luma.ravel()).argmax())
    lit = luma > min(ground, _DARK) + _FAINT
    low = cv2.erode(luma, np.ones((3, 3), np.uint8))
    high = cv2.dilate(luma, np.ones((3, 3), np.uint8))
    # a bar is even but for what JPEG leaves; echoes of the same brightness never are
    flat = cv2.morphologyEx(
        (high - low <= np.maximum(2, luma // 8)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8)
    )
    even_paint = (flat > 0) & lit
    bands = cv2.blur(even_paint.astype(np.float32), (4 * size + 1, 4 * size + 1)) > 0.3
    bands |= _bars(even_paint & (np.abs(luma.astype(np.int16) - ground) > 3), reach=2 * size)[:, np.newaxis]
    # a line of text leaves more than half of its surroundings dark, speckle does not
    span = max(7, round(min(luma.shape) / 22) | 1)
    dense = cv2.blur(lit.astype(np.float32), (span, span)) > 0.6
    # and its letters stand out from what is round them far more than echoes do
    even = _variation(luma, span) < 1.0
    return np.asarray(dense & even & ~bands, dtype=np.uint8), np.asarray(lit & ~bands, dtype=np.uint8)


def _bars(paint: Mask, *, reach: int) -> Mask:
    """Return the rows that an evenly painted bar crosses, the rows of its text among them."""
    rows = (paint.mean(axis=1) > 0.35).astype(np.uint8)[:, np.newaxis]
    closed = cv2.morphologyEx(rows, cv2.MORPH_CLOSE, np.ones((2 * reach + 1, 1), np.uint8))
    return np.asarray(closed[:, 0] > 0, dtype=np.bool_)


def _variation(luma: npt.NDArray[np.uint8], span: int) -> npt.NDArray[np.float32]:
    """Return the standard deviation over the mean in a window of `span` pixels."""
    values = luma.astype(np.float32)
    mean = np.asarray(cv2.blur(values, (span, span)), dtype=np.float32)
    square = np.asarray(cv2.blur(values * values, (span, span)), dtype=np.float32)
    spread = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(spread / np.maximum(mean, 1), dtype=np.float32)


def _hull(part: Mask) -> Mask:
    points = cv2.findNonZero(part.astype(np.uint8))
    filled = np.zeros(part.shape, dtype=np.uint8)
    cv2.fillConvexPoly(filled, cv2.convexHull(points), 1)
    return filled.astype(np.bool_)


def _union(parts: Iterable[Mask], shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, dtype=np.bool_)
    for part in parts:
        mask |= part
    return mask


def _shapely(parts: Sequence[Mask], shape: tuple[int, int]) -> bool:
    """One or a few compact parts that fill a fair share of the screen, but not all of it, are a sector."""
    union = _union(parts, shape)
    share = float(union.mean())
    return 1 <= len(parts) <= 4 and 0.04 <= share <= 0.93
