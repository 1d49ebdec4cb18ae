"""A short loop out of a film whose end flows into its beginning: the stretch whose ends are most alike, cross-faded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Glimpse = npt.NDArray[np.float32]

# seconds that a loop lasts, and the share of it in which its end fades into what comes before its beginning
_SHORTEST, _LONGEST = 1.2, 4.0
_FADE = 0.2
_MOST_FADED = 8
_SIDE = 48


@dataclass(frozen=True, slots=True)
class Stretch:
    """The frames of a loop: `count` from `first` on, the last `faded` of them mixed with those before `first`."""

    first: int
    count: int
    faded: int


def glimpse(frame: Pixels) -> Glimpse:
    """Return a frame so small that it can be compared with all others, `float32` (48, 48)."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), dtype=np.float32)


def best(glimpses: Sequence[Glimpse], rate: float) -> Stretch:
    """Return the stretch that loops most smoothly: the frame that would follow its last is most like its first.

    A film shorter than a loop is taken whole.
    """
    total = len(glimpses)
    least, most = max(2, round(_SHORTEST * rate)), max(3, round(_LONGEST * rate))
    if total <= least + 1:
        return Stretch(0, total, 0)
    faded = min(_MOST_FADED, max(1, round(_FADE * least)), total - least - 1)
    stack = np.stack(glimpses).reshape(total, -1)
    chosen, cost = Stretch(faded, total - faded, faded), np.inf
    for first in range(faded, total - least):
        ends = np.arange(first + least, min(first + most, total - 1) + 1)
        if not ends.size:
            continue
        costs = np.abs(stack[ends] - stack[first]).mean(axis=1)
        at = int(costs.argmin())
        if costs[at] < cost:
            cost, chosen = float(costs[at]), Stretch(first, int(ends[at]) - first, faded)
    return chosen


def frames_of(stretch: Stretch, film: Iterable[Pixels]) -> Iterator[Pixels]:
    """Yield the frames of the loop, its last ones faded; what comes before its first follows smoothly on its last."""
    before: list[Pixels] = []
    start = stretch.first + stretch.count - stretch.faded
    for index, frame in enumerate(film):
        if index >= stretch.first + stretch.count:
            return
        if index < stretch.first:
            before = [*before, frame][-stretch.faded :] if stretch.faded else []
        elif index < start:
            yield frame
        else:
            share = (index - start + 1) / (stretch.faded + 1)
            mixed = cv2.addWeighted(frame, 1 - share, before[index - start], share, 0)
            yield np.asarray(mixed, dtype=np.uint8)
