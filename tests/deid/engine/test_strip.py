"""A trace is grown to its whole rectangle, up to its peaks and no further than the next picture."""

import numpy as np
import pytest

from deid.engine import sector_shape, strip
from deid.engine.sector_shape import Outline
from tests.deid.engine import painted_screens as screens

_SEEN = screens.rectangle(30, 200, 370, 250)
_ROWS, _COLUMNS = np.mgrid[: screens.ROWS, : screens.COLUMNS]


def outline(mask: np.ndarray) -> Outline:
    (one,) = sector_shape.outlines(mask.astype(np.uint8), 0, 0)
    return one


def peaks(top: int) -> np.ndarray:
    """Return narrow peaks on the seen part of a trace, up to row `top`."""
    height = (250 - top) * np.abs(1 - 2 * ((_COLUMNS / 24) % 1)) ** 3
    return (_SEEN | ((250 - height < _ROWS) & (_ROWS < 250))) & (_COLUMNS >= 30) & (_COLUMNS < 370)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (_SEEN, True),
        (screens.rectangle(30, 100, 130, 140), False),
        (screens.rectangle(100, 60, 300, 250), False),
        (screens.polygon((150, 150), (250, 150), (390, 240), (10, 240)), False),
        (screens.fan(half=0.7), False),
        (screens.rectangle(30, 260, 370, 290), False),
    ],
    ids=["strip", "narrow", "picture", "trapezoid", "fan", "buttons"],
)
def test_a_strip_is_wide_and_upright(mask: np.ndarray, expected: bool) -> None:
    assert strip.is_strip(outline(mask), (screens.ROWS, screens.COLUMNS)) is expected


@pytest.mark.parametrize("top", [120, 150, 180])
def test_a_strip_reaches_its_highest_peaks(top: int) -> None:
    (whole,) = strip.apart([outline(_SEEN)], peaks(top).astype(np.uint8))

    x, y, w, h = whole.box
    assert (x, w) == (30, 340)
    assert abs(y - top) <= 8
    assert y + h == 250


def test_a_strip_does_not_grow_over_dark_rows() -> None:
    lit = peaks(150)
    lit[170:176] = False

    (whole,) = strip.apart([outline(_SEEN)], lit.astype(np.uint8))

    assert whole.box[1] >= 176


def test_a_strip_ends_at_the_picture_above_it() -> None:
    above = screens.fan(apex=20, far=140, half=0.6)
    lit = (peaks(100) | above).astype(np.uint8)

    found = strip.apart([outline(above), outline(_SEEN)], lit)

    assert len(found) == 2
    assert min(one.box[1] for one in found if one.box[2] == 340) >= 155


def test_pieces_inside_a_strip_belong_to_it() -> None:
    piece = screens.rectangle(180, 160, 240, 185)

    found = strip.apart([outline(_SEEN), outline(piece)], peaks(140).astype(np.uint8))

    assert [one.box[2] for one in found] == [340]


def test_gaps_in_what_was_seen_still_count() -> None:
    one = outline(_SEEN)
    half = Outline(one.points, one.seen / 2)

    (whole,) = strip.apart([half], peaks(150).astype(np.uint8))

    assert whole.seen == pytest.approx(whole.area / 2, rel=0.1)
