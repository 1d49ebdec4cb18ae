"""Pictures made of several frames, in which print stands out from speckle that moves."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Window = tuple[slice, slice]

_AT_ONCE = 32
_IN_A_ROW = 3
# pixels of one frame that are worked on at once
_STRIP = 32_768


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Frames `first` to `last` of a film, cut to `window`, and composites of them, all `uint8` (rows, columns, 3).

    `frames` begins with frame `first`. A text of three frames that began in the bundle before shows in this one's
    composites as soon as its third frame is in it.
    """

    first: int
    last: int
    window: Window
    frames: tuple[Pixels, ...]
    pictures: tuple[Pixels, ...]


def bundles(film: Iterable[Pixels], window: Window) -> Iterator[Bundle]:
    """Walk a film a few frames at a time; no frame is in two bundles."""
    kept: list[Pixels] = []
    before: list[Pixels] = []
    last = -1
    for last, frame in enumerate(film):
        kept.append(np.ascontiguousarray(frame[window]))
        if len(kept) == _AT_ONCE:
            yield _bundle(kept, before, last, window)
            kept, before = [], kept[1 - _IN_A_ROW :]
    if kept:
        yield _bundle(kept, before, last, window)


def middle(frames: Sequence[Pixels]) -> Pixels:
    """Return the middle value of each pixel over a few frames of one size, the lower one of two."""
    return _in_strips(frames, _middle)


def _in_strips(frames: Sequence[Pixels], composite: Callable[[Sequence[Pixels]], Pixels]) -> Pixels:
    """Return a composite of whole frames, made of a few rows at a time, which stay near the processor meanwhile."""
    rows, columns = frames[0].shape[:2]
    tall = max(1, _STRIP // columns)
    strips = [composite([frame[top : top + tall] for frame in frames]) for top in range(0, rows, tall)]
    return np.concatenate(strips)


def _middle(frames: Sequence[Pixels]) -> Pixels:
    ranked = list(frames)
    # exchanges sort whole pictures at once, many times faster than pixel by pixel
    for step in range(len(ranked)):
        for low in range(step % 2, len(ranked) - 1, 2):
            one, two = ranked[low], ranked[low + 1]
            ranked[low], ranked[low + 1] = np.minimum(one, two), np.maximum(one, two)
    return ranked[(len(ranked) - 1) // 2]


def _bundle(frames: list[Pixels], before: list[Pixels], last: int, window: Window) -> Bundle:
    row = [*before, *frames]
    pictures = [_in_strips(frames, _brightest)]
    if len(row) >= _IN_A_ROW:
        pictures += [_in_strips(row, _lasting_light), _in_strips(row, _lasting_dark)]
    return Bundle(last - len(frames) + 1, last, window, tuple(frames), tuple(pictures))


def _brightest(frames: Sequence[Pixels]) -> Pixels:
    best = frames[0].copy()
    for frame in frames[1:]:
        np.maximum(best, frame, out=best)
    return best


def _lasting_light(row: Sequence[Pixels]) -> Pixels:
    return _lasting(row, np.minimum, np.maximum)


def _lasting_dark(row: Sequence[Pixels]) -> Pixels:
    return _lasting(row, np.maximum, np.minimum)


def _lasting(row: Sequence[Pixels], together: np.ufunc, best: np.ufunc) -> Pixels:
    """Return the best value that each pixel keeps for three frames in a row."""
    pair, three = together(row[0], row[1]), np.empty_like(row[0])
    result: Pixels | None = None
    for one, two in pairwise(row[1:]):
        together(pair, two, out=three)
        result = three.copy() if result is None else best(result, three, out=result)
        together(one, two, out=pair)
    return row[0] if result is None else result
