"""A line is one line while it stays in its place, and another where it comes again later or elsewhere."""

import numpy as np

from deid.engine import tracks
from deid.engine.reading import Text
from deid.engine.tracks import Track


def sight(x: int, first: int, last: int, *, strength: float = 0.9, y: int = 50) -> Track:
    line = Text(x, y, 60, 12, first, last, glyphs=8, strength=strength)
    return Track(line=line, sight=line, patch=np.full((20, 80, 3), first, np.uint8), x=x - 4, y=y - 4)


def test_line_goes_on_in_the_next_frames() -> None:
    (track,) = tracks.followed([sight(100, 0, 10)], [sight(110, 12, 20)])

    line = track.line
    assert (line.x, line.w, line.first_frame, line.last_frame) == (100, 70, 0, 20)


def test_best_sight_is_kept_with_its_patch() -> None:
    (track,) = tracks.followed([sight(100, 3, 10, strength=0.95)], [sight(100, 11, 20, strength=0.6)])

    assert track.sight.first_frame == 3
    assert int(track.patch[0, 0, 0]) == 3
    assert track.line.last_frame == 20


def test_line_that_comes_again_much_later_is_another() -> None:
    assert len(tracks.followed([sight(100, 0, 10)], [sight(100, 40, 41)])) == 2


def test_line_in_another_place_is_another() -> None:
    assert len(tracks.followed([sight(100, 0, 10)], [sight(300, 11, 12), sight(100, 11, 12, y=90)])) == 3


def test_line_that_joins_two_makes_them_one() -> None:
    (track,) = tracks.followed([sight(100, 0, 10), sight(165, 0, 10)], [sight(130, 11, 12)])

    assert (track.line.x, track.line.w) == (100, 125)
