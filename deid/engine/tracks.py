"""Follows lines of text through a film: in which frames each one shows, and where it was seen best."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deid.engine.reading import Text

Pixels = npt.NDArray[np.uint8]

# a line that flickers is one line while it is gone for at most so many frames
_GAP = 4
# so much of the smaller of two places is shared where they are one line
_SHARED = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One line through a film: `line` is the hull of its places and frames, `sight` where it was seen best.

    `patch` is what the picture showed at that sight, with a margin; its corner lies at `x`, `y` of the source.
    """

    line: Text
    sight: Text
    patch: Pixels
    x: int
    y: int


def followed(tracks: Sequence[Track], sights: Iterable[Track]) -> list[Track]:
    """Return `tracks` grown by the `sights` of some later frames; what is seen in a new place begins a track."""
    grown = list(tracks)
    for sight in sights:
        known = [track for track in grown if _same(track.line, sight.line)]
        grown = [track for track in grown if track not in known]
        for track in known:
            sight = _joined(track, sight)
        grown.append(sight)
    return grown


def _joined(one: Track, two: Track) -> Track:
    best = one if one.sight.strength * one.sight.w >= two.sight.strength * two.sight.w else two
    x, y = min(one.line.x, two.line.x), min(one.line.y, two.line.y)
    line = replace(
        best.sight,
        x=x,
        y=y,
        w=max(one.line.x + one.line.w, two.line.x + two.line.w) - x,
        h=max(one.line.y + one.line.h, two.line.y + two.line.h) - y,
        first_frame=min(one.line.first_frame, two.line.first_frame),
        last_frame=max(one.line.last_frame, two.line.last_frame),
    )
    return replace(best, line=line)


def _same(one: Text, two: Text) -> bool:
    apart = max(one.first_frame, two.first_frame) - min(one.last_frame, two.last_frame)
    width = min(one.x + one.w, two.x + two.w) - max(one.x, two.x)
    height = min(one.y + one.h, two.y + two.h) - max(one.y, two.y)
    smaller = min(one.w * one.h, two.w * two.h)
    return apart <= _GAP and width > 0 and height > 0 and width * height >= _SHARED * smaller
