"""The even paint of a screen: its ground, bars and panels, told from the pictures that stand on it."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine.greys import Greys

Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

# neighbours on even paint differ by so much at most, and on the noisiest ground
_EVEN, _NOISIEST = 3, 8
_DARKEST, _BLACK, _WHITE = 2, 10, 245
# a panel has one colour: its values deviate by less than this
_ONE_COLOUR = 1.5
# paint is so many pixels wide everywhere, and its colour is known so far from it, between the letters on it
_WIDTH, _REACH = 9, 25
# a line across the screen is even over so many pixels, its colour changes along it by so much at most, and it is not
# so many rows thick
_ALONG, _ABOUT, _THICK = 31, 12, 20
# the colour of paint changes so slowly that it is looked at in squares of so many pixels
_COARSE = 4
_LEAST_SHARE = 0.004
# round the inside of a cyst, so many pixels deep, is hardly any paint
_RING, _HOLLOW = 12, 0.1
# a colour, told without so many bits of each of its three, is common along the rim with this share of it
_LEVELS_OFF, _COMMON = 2, 0.003
# a bar is no higher than this share of the screen; its edge, so many rows deep, goes across most columns, and so much
# of each row shows between its letters
_BAR, _EDGE, _ACROSS, _BETWEEN = 0.2, 3, 0.7, 0.3


@dataclass(frozen=True, slots=True)
class Painted:
    """What a screen is painted with, all (rows, columns): `free` is 1 where no paint is seen, `far` how far each pixel
    is from the paint near it, `blank` is 1 on the colour of paint even where none is near, and `bars` is True in the
    bars along the top and bottom, their letters included.
    """

    free: Grey
    blank: Grey
    far: Grey
    bars: Mask


def look(picture: Pixels) -> Painted:
    """Return the paint of `picture` (rows, columns, 3), which has some 300 to 500 rows.

    Paint is even, and is reached from the edges of the screen without crossing an edge, or is a panel of one colour.
    Its colour may change slowly from place to place.
    """
    spread = _most(cv2.subtract(cv2.dilate(picture, _box(3)), cv2.erode(picture, _box(3))))
    noise = _noise(spread)
    wide = cv2.morphologyEx((spread <= noise).astype(np.uint8), cv2.MORPH_OPEN, _box(_WIDTH))
    paint = _paint(picture, np.asarray(wide, dtype=np.uint8), _usual(picture))
    if not paint.any():
        none = np.zeros_like(paint)
        return Painted(free=none + 1, blank=none, far=picture.max(axis=2), bars=none > 0)
    far, known = _off(picture, paint)
    tolerance = _tolerance(far, paint, noise)
    paint |= _ruled(picture, paint, noise)
    far[paint > 0] = 0
    blank = far <= tolerance
    free = ~((known | (paint > 0)) & (far <= noise + 1))
    bars = _bars(picture, paint, noise)
    return Painted(free=(free & ~bars).astype(np.uint8), blank=blank.astype(np.uint8), far=far, bars=bars)


def _noise(spread: Grey) -> int:
    """Return how much neighbours on the ground differ, seen along the rim of the screen."""
    deep = max(2, len(spread) // 16)
    counts = np.bincount(_rim(spread, deep), minlength=256)
    return int(np.clip(1.5 * Greys.counted(counts).percentile(40) + 2, _EVEN, _NOISIEST))


def _tolerance(far: Grey, paint: Grey, noise: int) -> int:
    """Return how far the ground is from its own colour, seen where nothing else is near: nothing on even grounds."""
    inner = cv2.erode(paint, _box(_WIDTH))
    counts = cv2.calcHist([far], [0], inner, [256], [0, 256])
    return min(noise + 1, round(Greys.counted(counts).percentile(98))) if inner.any() else noise + 1


def _usual(picture: Pixels) -> Grey:
    """Return 1 where the colour is one that is common along the rim of the screen."""
    levels = picture >> _LEVELS_OFF
    codes = levels[:, :, 0].astype(np.int32)
    for colour in (1, 2):
        codes <<= 8 - _LEVELS_OFF
        codes |= levels[:, :, colour]
    rim = _rim(codes, max(2, len(picture) // 24))
    counts = np.bincount(rim, minlength=1 << 3 * (8 - _LEVELS_OFF))
    return np.asarray((counts >= _COMMON * rim.size).astype(np.uint8).take(codes), dtype=np.uint8)


def _rim(values: npt.NDArray[Any], deep: int) -> npt.NDArray[Any]:
    """Return the values of the first and last `deep` rows and columns, one after the other."""
    parts = values[:deep], values[-deep:], values[:, :deep], values[:, -deep:]
    return np.concatenate([part.ravel() for part in parts])


def _paint(picture: Pixels, wide: Grey, usual: Grey) -> Grey:
    """Return 1 on those even places (`wide` is 1) that are paint and no part of a picture."""
    rows, columns = wide.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wide & usual, connectivity=4)
    x, y, w, h, _ = stats.T
    wanted = (x <= 1) | (y <= 1) | (x + w >= columns - 1) | (y + h >= rows - 1)
    wanted[0] = False
    ground = wanted.astype(np.uint8).take(labels)
    outer = picture.reshape(-1, 3)[np.flatnonzero(ground)[::7]]
    dark = bool(outer.size == 0 or float(np.median(outer, axis=0).max()) <= _DARKEST)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(wide & (1 - ground), connectivity=4)
    panels = np.zeros(len(stats), np.uint8)
    for index in (np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] >= _LEAST_SHARE * wide.size) + 1).tolist():
        left, top, across, down = (int(value) for value in stats[index, :4])
        place = slice(top, top + down), slice(left, left + across)
        part = (labels[place] == index).astype(np.uint8)
        panels[index] = _is_panel(picture[place], part, dark=dark) and not _is_hollow(labels, index, place, wide)
    return np.asarray(ground | panels.take(labels), dtype=np.uint8)


def _is_panel(picture: Pixels, part: Grey, *, dark: bool) -> bool:
    """Say whether an even place inside the screen is paint: a panel of one colour, or the black round a picture.

    On a screen that is not `dark`, black without its upper corners is the inside of a fan.
    """
    mean, deviation = cv2.meanStdDev(picture, mask=part)
    if float(deviation.max()) >= _ONE_COLOUR or float(mean.min()) >= _WHITE:
        return False
    side = max(2, min(part.shape) // 16)
    cornered = max(float(part[:side, :side].mean()), float(part[:side, -side:].mean())) >= 0.3
    return dark or cornered or float(mean.max()) > _BLACK


def _is_hollow(labels: npt.NDArray[np.int32], index: int, place: tuple[slice, slice], wide: Grey) -> bool:
    """Say whether an even place lies in the midst of echoes: hardly any paint is round it."""
    rows, columns = (slice(max(0, side.start - _RING), side.stop + _RING) for side in place)
    part = (labels[rows, columns] == index).astype(np.uint8)
    ring = np.asarray(cv2.dilate(part, _box(2 * _RING + 1)) - cv2.dilate(part, _box(_RING | 1)), np.uint8)
    return bool(wide[rows, columns][ring > 0].mean() < _HOLLOW) if ring.any() else False


def _ruled(picture: Pixels, paint: Grey, noise: int) -> Grey:
    """Return 1 on lines and edges across the screen: few rows that are no paint yet, even and of about one colour."""
    ruled = np.zeros_like(paint)
    rows = np.flatnonzero(paint.mean(axis=1) < _ACROSS)
    if rows.size:
        lines, along = np.ascontiguousarray(picture[rows]), np.ones((1, _ALONG), np.uint8)
        even = _most(cv2.subtract(cv2.dilate(lines, along), cv2.erode(lines, along))) <= noise
        usual = np.repeat(_middles(lines), lines.shape[1], axis=1)
        even &= _most(cv2.absdiff(lines, usual)) <= _ABOUT
        even[even.mean(axis=1) < _ACROSS] = False
        ruled[rows] = cv2.dilate(even.astype(np.uint8), along)
    thick = cv2.morphologyEx(ruled.max(axis=1, keepdims=True), cv2.MORPH_OPEN, np.ones((_THICK, 1), np.uint8))
    return np.asarray(ruled * (1 - thick), dtype=np.uint8)


def _middles(picture: Pixels) -> Pixels:
    """Return the middle value of each colour of each row, of every second column, `uint8` (rows, 1, 3)."""
    colours = np.ascontiguousarray(picture[:, ::2].transpose(0, 2, 1))
    half = colours.shape[2] // 2
    return np.partition(colours, half, axis=2)[:, np.newaxis, :, half]


def _off(picture: Pixels, paint: Grey) -> tuple[Grey, Mask]:
    """Return how far each pixel is from the colour of the paint round it, and where there is paint round it."""
    rows, columns = paint.shape
    size = (-(-columns // _COARSE), -(-rows // _COARSE))
    reach = (_REACH // _COARSE | 1,) * 2
    weight = cv2.blur(cv2.resize(paint.astype(np.float32), size, interpolation=cv2.INTER_AREA), reach)
    painted = cv2.bitwise_and(picture, picture, mask=paint)
    colours = cv2.blur(cv2.resize(painted, size, interpolation=cv2.INTER_AREA).astype(np.float32), reach)
    local = colours / np.maximum(weight, 1e-4)[:, :, np.newaxis]
    some = weight > 1e-3
    local[~some] = cv2.mean(picture, mask=paint)[:3]
    full = (columns, rows)
    near = cv2.resize(some.astype(np.uint8), full, interpolation=cv2.INTER_NEAREST)
    shown = cv2.resize(local.round().clip(0, 255).astype(np.uint8), full, interpolation=cv2.INTER_LINEAR)
    return _most(cv2.absdiff(picture, shown)), np.asarray(near > 0, dtype=np.bool_)


def _bars(picture: Pixels, paint: Grey, noise: int) -> Mask:
    """Return the bars along the top and bottom: of one colour between their letters, another than the ground's."""
    rows, columns = paint.shape
    middle = slice(rows // 4, rows - rows // 4)
    seen = (picture[middle], paint[middle]) if paint[middle].any() else (picture, paint)
    ground = _middle_colour(*seen)
    found = np.zeros((rows, columns), dtype=np.bool_)
    tallest = round(_BAR * rows) + _EDGE
    found[: _run(picture[:tallest], ground, noise)] = True
    found[rows - _run(picture[::-1][:tallest], ground, noise) :] = True
    return found


def _middle_colour(picture: Pixels, mask: Grey) -> Pixels:
    """Return the middle value of each colour where `mask` is 1, `uint8` (3,)."""
    counts = (cv2.calcHist([picture], [colour], mask, [256], [0, 256]) for colour in range(3))
    return np.array([Greys.counted(count).percentile(50) for count in counts]).astype(np.uint8)


def _run(picture: Pixels, ground: Pixels, noise: int) -> int:
    """Return how many rows from the first on are a bar: up to its last edge, over which most columns change."""
    usual = _middles(picture)
    even = (_most(cv2.absdiff(picture, np.repeat(usual, picture.shape[1], axis=1))) <= noise).mean(axis=1)
    step = (_most(cv2.absdiff(picture[:-_EDGE], picture[_EDGE:])) > 2 * _EVEN).mean(axis=1)
    other = cv2.absdiff(usual, np.broadcast_to(ground, usual.shape).copy()).max(axis=(1, 2)) > 2 * _EVEN
    edges = np.flatnonzero((step >= _ACROSS) & ((even >= _ACROSS) & other)[:-_EDGE])
    if not edges.size or float(((even > _BETWEEN) & other)[: edges[-1] + 1].mean()) < _ACROSS:
        return 0
    return int(edges[-1]) + _EDGE - 1


def _most(channels: npt.NDArray[np.generic]) -> Grey:
    values = np.asarray(channels, dtype=np.uint8)
    return np.asarray(cv2.max(cv2.max(values[:, :, 0], values[:, :, 1]), values[:, :, 2]), dtype=np.uint8)


def _box(size: int) -> Grey:
    return np.ones((size, size), np.uint8)
