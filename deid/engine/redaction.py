"""Fills what the plan covers; the fill is made from uncovered pixels alone, so no trace of a letter can remain.

A patient shall hardly notice a cover, and a clinician shall not take it for anatomy. So inside the picture a cover
shows the tones round it, fading softly into each other, and never an invented speckle or edge: a place without grain
among echoes says by itself that something was taken out. On an even ground, such as the dark of the screen, a panel or
a report's page, the cover shows that ground. Everything outside the kept area is black, since the screen's own colour
there could only be learned from pixels that must not be looked at, and black needs no guess in any frame of a film.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from deid.engine.geometry import Box

Mask = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

# how far round a cover its ground is looked for, in pixels
_RING = 8
# in a picture of half the size; strokes thinner than half of this, such as words that stay, take no part in the fill
_THIN = 5
# an even ground lies so near its middle tone; from one share of the ring to the other it is taken as such. Painted
# grounds, such as panels and pages, are the most even, and a smaller share of them tells
_EVENNESS = ((3, 0.5, 0.65), (9, 0.8, 0.95))


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """One size of a picture with gaps: where values are known, and what makes an average over gaps a true one."""

    known: npt.NDArray[np.uint8]
    gain: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Patch:
    """Covers that touch, in a window round them: what they hide, their ring, and sizes of the window, halved each."""

    window: tuple[slice, slice]
    under: Mask
    ring: Mask
    levels: tuple[_Level, ...]


class Redactor:
    """Fills the frames of one plan: `kept` is (rows, columns), `covers` lie in source pixels."""

    def __init__(self, kept: Mask, covers: Sequence[Box]) -> None:
        self._kept = kept
        self._visible = kept.astype(np.uint8)
        self._covers = tuple(covers)
        self._patches: dict[tuple[Box, ...], tuple[_Patch, ...]] = {}

    def apply(self, frame: Pixels, *, index: int) -> Pixels:
        """Return a copy of `frame` (rows, columns, 3) with the outside black and the covers of frame `index` filled.

        Every kept pixel under no cover stays as it is. Covers that touch are filled as one. What lies under a cover or
        outside the area never takes part in the result.
        """
        result = np.asarray(cv2.bitwise_and(frame, frame, mask=self._visible), dtype=np.uint8)
        living = tuple(box for box in self._covers if box.first_frame <= index <= box.last_frame)
        if living not in self._patches:
            self._patches[living] = tuple(_patches(self._kept, living))
        filled = [_filled(result[patch.window], patch) for patch in self._patches[living]]
        for patch, values in zip(self._patches[living], filled, strict=True):
            result[patch.window][patch.under] = values[patch.under]
        return result


def apply(frame: Pixels, kept: Mask, covers: Sequence[Box], *, index: int) -> Pixels:
    """Return one frame filled as `Redactor.apply` does."""
    return Redactor(kept, covers).apply(frame, index=index)


def _patches(kept: Mask, covers: Sequence[Box]) -> Iterator[_Patch]:
    hidden = np.zeros(kept.shape, dtype=np.bool_)
    for box in covers:
        hidden[box.y : box.y + box.h, box.x : box.x + box.w] = True
    free = kept & ~hidden
    for group in _touching(covers):
        x, y = min(box.x for box in group), min(box.y for box in group)
        right, bottom = max(box.x + box.w for box in group), max(box.y + box.h for box in group)
        reach = max(2 * _RING, min(bottom - y, 40))
        top, left = max(0, y - reach), max(0, x - reach)
        window = slice(top, bottom + reach), slice(left, right + reach)
        mine = np.zeros(kept[window].shape, dtype=np.uint8)
        for box in group:
            mine[box.y - top : box.y + box.h - top, box.x - left : box.x + box.w - left] = 1
        under, sources = (mine > 0) & kept[window], free[window]
        if under.any():
            near = cv2.dilate(mine, np.ones((2 * _RING + 1, 2 * _RING + 1), np.uint8)) > 0
            ring = near & sources
            yield _Patch(window, under, ring if ring.any() else sources, tuple(_levels(sources)))


def _touching(covers: Sequence[Box]) -> list[list[Box]]:
    """Return the covers in groups of those that touch, also at a corner."""
    groups: list[list[Box]] = []
    for box in covers:
        beside = [group for group in groups if any(_touch(box, other) for other in group)]
        groups = [group for group in groups if group not in beside]
        groups.append([box, *(other for group in beside for other in group)])
    return groups


def _touch(one: Box, two: Box) -> bool:
    across = one.x <= two.x + two.w and two.x <= one.x + one.w
    return across and one.y <= two.y + two.h and two.y <= one.y + one.h


def _levels(sources: Mask) -> Iterator[_Level]:
    """Yield ever smaller sizes, the window's own first, until one without gaps or a single cell."""
    level = _Level(sources.astype(np.uint8), np.ones((*sources.shape, 1), np.float32))
    while level.known.any():
        yield level
        height, width = level.known.shape
        if height * width == 1 or level.known.all():
            return
        share = cv2.resize(level.known.astype(np.float32), _halved(height, width), interpolation=cv2.INTER_AREA)
        share = np.asarray(share, dtype=np.float32).reshape(max(1, height // 2), max(1, width // 2), 1)
        gain = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
        level = _Level((share[:, :, 0] > 0).astype(np.uint8), gain)


def _halved(height: int, width: int) -> tuple[int, int]:
    return max(1, width // 2), max(1, height // 2)


def _filled(values: Pixels, patch: _Patch) -> Pixels:
    """Return the window with its ground under the covers, and the tones round them where the ground is uneven.

    The two are mixed, so that no frame of a film jumps from one to the other.
    """
    if not patch.levels:
        return np.zeros_like(values)
    ring = values[patch.ring]
    ground = np.median(ring, axis=0).astype(np.float32)
    even = _evenness(np.abs(ring - ground).max(axis=1))
    if even == 1.0:
        return np.broadcast_to(ground.round().astype(np.uint8), values.shape)
    mixed = even * ground + (1.0 - even) * _tones(values, patch.levels)
    return np.asarray(mixed.round().clip(0, 255), dtype=np.uint8)


def _evenness(off: Floats) -> float:
    """Return how surely a ring is of one colour, 0 to 1; `off` says how far each pixel lies from the middle tone."""
    shares = [(float((off <= near).mean()), least, full) for near, least, full in _EVENNESS]
    return max(min(1.0, max(0.0, (share - least) / (full - least))) for share, least, full in shares)


def _tones(values: Pixels, levels: Sequence[_Level]) -> Floats:
    """Return the tones of the known pixels, spread over the gaps; thin strokes among them take no part."""
    size = values.shape[1], values.shape[0]
    known = np.asarray(cv2.copyTo(values, levels[0].known), dtype=np.float32)
    if len(levels) > 1:
        halved = _smaller(known, levels[1])
        whole = _spread(halved, levels[1:]).round().clip(0, 255).astype(np.uint8)
        plain = np.asarray(cv2.medianBlur(whole, _THIN), dtype=np.float32)
        known = _spread(plain * levels[1].known[:, :, np.newaxis], levels[1:])
    return np.asarray(cv2.resize(known, size, interpolation=cv2.INTER_LINEAR), dtype=np.float32)


def _spread(values: Floats, levels: Sequence[_Level]) -> Floats:
    """Fill the gaps of `values`, zero there: averages of ever smaller sizes, enlarged again wherever one is empty."""
    sizes = [values]
    for level in levels[1:]:
        sizes.append(_smaller(sizes[-1], level))
    filled = sizes[-1]
    for known, level in zip(reversed(sizes[:-1]), reversed(levels[:-1]), strict=True):
        wide = cv2.resize(filled, (known.shape[1], known.shape[0]), interpolation=cv2.INTER_LINEAR)
        filled = np.asarray(cv2.copyTo(known, level.known, wide.reshape(known.shape)), dtype=np.float32)
    return filled


def _smaller(values: Floats, level: _Level) -> Floats:
    height, width = values.shape[:2]
    small = cv2.resize(values, _halved(height, width), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.float32).reshape(*level.known.shape, 3) * level.gain
