"""The pictures on a screen, found in the pixels: what stands on its paint, is no text, and is broad enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine import dark_parts, screen_paint, sector_shape, strip
from deid.engine.screen_paint import Painted
from deid.engine.sector_shape import Outline

Pixels = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Heat = npt.NDArray[np.float32]

# a screen is looked at with about so many rows
_ROWS, _FEWEST_ROWS = 320, 200
_CELL, _TEXT = 4, 0.5
# letters stand out by so much and leave a quarter of their surroundings bare; echoes are evener than this
_STROKES, _BARE, _UNEVEN = 55, 0.78, 1.1
# a row with nothing but paint parts the pictures above and below; narrow bars and ticks may go on across it
_BLANK = 0.96
_LEAST_SIDE, _LEAST_AREA = 0.05, 0.002
# of a picture, against the largest one and against the rows of the screen
_LEAST_PART, _LEAST_HEIGHT = 0.1, 0.11
_RIM = 2
# a sector is certain with so many parts, such a share of the screen, so few gaps and so little beside it
_MOST_PARTS, _LEAST_SCREEN = 5, 0.06
_LEAST_SEEN, _MOST_BESIDE = 0.4, 0.12
# so much noise is left round it at most, against its area; less than the first share is not followed, and so often
_LITTLE_NOISE, _MOST_NOISE, _GROWTHS = 0.01, 0.07, 2
# what is lit is brighter than this; so many places tell a tone; red, green and blue of warm ones fall by so much, and
# so many of what is lit are warm
_LIT, _FEWEST_LIT, _WARM, _MOSTLY_WARM = 40, 25, 6, 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Sector:
    """The pictures: `parts` one mask (rows, columns) each, largest first, their shape completed; `echoes` is True where
    some were seen, and `bars` in the bars along the screen's edges.
    """

    parts: tuple[Mask, ...]
    echoes: Mask
    bars: Mask
    certain: bool

    @property
    def mask(self) -> Mask:
        """Return all parts as one mask."""
        mask = np.zeros(self.bars.shape, dtype=np.bool_)
        for part in self.parts:
            mask |= part
        return mask


class _Look(NamedTuple):
    """A screen at the size at which it is looked at, (rows, columns) each: `hidden` is 1 under text, `lit` 1 on what
    stands out from the paint and is no text; `shape` is the screen's own.
    """

    small: Pixels
    painted: Painted
    hidden: Grey
    lit: Grey
    shape: tuple[int, int]


class _Seen(NamedTuple):
    """What is seen in echoes (rows, columns), and how much noise goes on beyond it, against its area."""

    sector: Sector
    echoes: Grey
    noise: float


def find(
    frames: Sequence[Pixels], text: Heat | None = None, *, enough: Callable[[Sector], bool] | None = None
) -> Sector:
    """Return the pictures seen in `frames` (RGB, equal sizes), looked at as one: the brightest value of each pixel.

    `text` is the probability of text per cell of 4 x 4 pixels; what is likely text tells nothing about echoes. Where
    noise goes on beyond the broad echoes, and these are not `enough`, the pictures are as large as the noise, without
    the text on what was added.
    """
    look = _look(frames, text)
    broad = _echoes(look.painted, look.hidden)
    first = _seen(broad, look)
    if (enough is not None and enough(first.sector)) or (first.sector.certain and first.noise <= _LITTLE_NOISE):
        return first.sector
    return _grown(first, look)


def _look(frames: Sequence[Pixels], text: Heat | None) -> _Look:
    picture = frames[0]
    for frame in frames[1:]:
        picture = np.asarray(cv2.max(picture, frame), dtype=np.uint8)
    small = _shrunk(picture)
    painted = screen_paint.look(small)
    hidden = _hidden(text, picture.shape[:2], (int(small.shape[0]), int(small.shape[1])))
    lit = np.asarray((1 - painted.blank) * (1 - hidden) * ~painted.bars, dtype=np.uint8)
    return _Look(small, painted, hidden, lit, (int(picture.shape[0]), int(picture.shape[1])))


def _seen(echoes: Grey, look: _Look) -> _Seen:
    outlines = strip.apart(_outlines(echoes), look.lit)
    pictures = [one for one in outlines if _is_picture(one, outlines[0], len(look.lit))]
    parts = [_part(one, look.small, look.painted) for one in pictures]
    beside = sum(one.area for one in outlines if not _is_picture(one, outlines[0], len(look.lit)))
    noise = dark_parts.noise_beyond(parts, look.lit, look.hidden)
    sector = Sector(
        parts=tuple(_enlarged(part, look.shape) for part in parts),
        echoes=_enlarged(echoes, look.shape),
        bars=_enlarged(look.painted.bars, look.shape),
        certain=_is_certain(pictures, parts, beside=beside) and noise <= _MOST_NOISE,
    )
    return _Seen(sector, echoes, noise)


def _grown(first: _Seen, look: _Look) -> Sector:
    """Return the pictures with the noise round them, or the first ones if that leads nowhere."""
    seen = first
    for _ in range(_GROWTHS):
        echoes = dark_parts.followed(seen.echoes, look.lit, look.hidden)
        if (echoes == seen.echoes).all():
            break
        seen = _seen(echoes, look)
    if first.sector.certain and not seen.sector.certain:
        return first.sector
    bare = _enlarged(look.hidden, look.shape) & ~first.sector.mask
    return replace(seen.sector, parts=tuple(part & ~bare for part in seen.sector.parts))


def _shrunk(picture: Pixels) -> Pixels:
    rows, columns = picture.shape[:2]
    if rows < _FEWEST_ROWS:
        size = (max(1, round(columns * _FEWEST_ROWS / rows)), _FEWEST_ROWS)
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
    step = max(1, round(min(rows, columns) / _ROWS))
    if step == 1:
        return np.ascontiguousarray(picture)
    size = (-(-columns // step), -(-rows // step))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _enlarged(mask: npt.NDArray[np.generic], shape: tuple[int, int]) -> Mask:
    values = np.asarray(mask, dtype=np.uint8)
    return np.asarray(cv2.resize(values, shape[::-1], interpolation=cv2.INTER_NEAREST) > 0, dtype=np.bool_)


def _hidden(text: Heat | None, shape: tuple[int, ...], size: tuple[int, int]) -> Grey:
    """Return 1 where text hides what is under it, at the size that is looked at."""
    if text is None:
        return np.zeros(size, np.uint8)
    cells = cv2.dilate((text > _TEXT).astype(np.uint8), np.ones((3, 3), np.uint8))
    pixels = cells.repeat(_CELL, axis=0).repeat(_CELL, axis=1)[: shape[0], : shape[1]]
    return np.asarray(cv2.resize(pixels, size[::-1], interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _echoes(painted: Painted, hidden: Grey) -> Grey:
    """Return 1 on everything broad enough, grown to the edges of what hangs together with it."""
    rows = len(hidden)
    span = max(9, round(rows / 26) | 1)
    echoes = cv2.morphologyEx(_dense(painted, hidden, span), cv2.MORPH_CLOSE, _box(max(3, round(rows / 40) | 1)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.asarray(cv2.morphologyEx(echoes, cv2.MORPH_OPEN, _box(span)), np.uint8), connectivity=8
    )
    w, h, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    broad = (area >= _LEAST_AREA * hidden.size) & (np.minimum(w, h) >= _LEAST_SIDE * rows)
    broad[0] = False
    seeds = (broad & (area >= 0.02 * np.max(area, where=broad, initial=0))).astype(np.uint8).take(np.asarray(labels))
    near = cv2.dilate(seeds, _box(2 * round(rows / 30) + 1))
    lit = painted.free & np.asarray(near, np.uint8) & (1 - hidden)
    grown = np.asarray(cv2.morphologyEx(lit | seeds, cv2.MORPH_OPEN, _box(5)), np.uint8) | seeds
    grown[(painted.blank | hidden).mean(axis=1) >= _BLANK] = 0
    return dark_parts.hanging(grown, seeds)


def _outlines(echoes: Grey) -> list[Outline]:
    _, labels, stats, _ = cv2.connectedComponentsWithStats(echoes, connectivity=8)
    found = []
    for label in range(1, len(stats)):
        x, y, w, h = (int(value) for value in stats[label, :4])
        found += sector_shape.outlines(_without_holes(labels[y : y + h, x : x + w] == label), x, y)
    return found


def _dense(painted: Painted, hidden: Grey, span: int) -> Grey:
    """Return 1 where most of what can be seen in a window is no paint, and is no row of letters."""
    shown = 1 - hidden
    weight = dark_parts.mean(shown, span)
    share = np.maximum(weight, 1e-3)
    dense = dark_parts.mean(painted.free * shown, span) / share
    far = painted.far * shown
    mean = dark_parts.mean(far, span) / share
    square = np.asarray(cv2.sqrBoxFilter(far, cv2.CV_32F, (span, span)), np.float32) / share
    even = square < (1 + _UNEVEN**2) * mean * mean
    letters = (dense < _BARE) & (mean > _STROKES * dense)
    return ((weight > 0.2) & (dense > 0.5) & even & ~letters & ~painted.bars).astype(np.uint8)


def _without_holes(part: Mask) -> Grey:
    filled = np.zeros(part.shape, np.uint8)
    rims, _ = cv2.findContours(part.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(filled, rims, -1, 1, cv2.FILLED)
    return filled


def _is_picture(one: Outline, largest: Outline, rows: int) -> bool:
    """A row of buttons is low, a colour bar narrow."""
    return one.area >= _LEAST_PART * largest.area and min(one.box[2:]) >= _LEAST_HEIGHT * rows


def _part(outline: Outline, picture: Pixels, painted: Painted) -> Grey:
    """Return the mask of one picture with a narrow rim, without what lies in a bar."""
    size = (int(picture.shape[0]), int(picture.shape[1]))
    part = sector_shape.filled(outline, size, render=_is_skin(picture, outline))
    part = np.asarray(cv2.dilate(part, _box(2 * _RIM + 1)), dtype=np.uint8)
    part[painted.bars] = 0
    return part


def _is_skin(picture: Pixels, outline: Outline) -> bool:
    """Say whether most of what is lit has the tones in which volumes are rendered."""
    x, y, w, h = outline.box
    red, green, blue = (picture[y : y + h : 3, x : x + w : 3, colour].astype(np.int16) for colour in range(3))
    lit = np.maximum(np.maximum(red, green), blue) > _LIT
    warm = (red > green + _WARM) & (green > blue + _WARM) & lit
    return bool(lit.sum() >= _FEWEST_LIT and warm.sum() > _MOSTLY_WARM * lit.sum())


def _is_certain(pictures: Sequence[Outline], parts: Sequence[Grey], *, beside: float) -> bool:
    """Say whether a few whole pictures fill a fair share of the screen, and nothing else like echoes stands beside."""
    if not 1 <= len(pictures) <= _MOST_PARTS:
        return False
    area = float(sum(int(part.sum()) for part in parts))
    seen = sum(one.seen for one in pictures)
    whole = seen >= _LEAST_SEEN * area and area >= _LEAST_SCREEN * parts[0].size
    return whole and beside <= _MOST_BESIDE * area


def _box(size: int) -> Grey:
    return np.ones((size, size), np.uint8)
