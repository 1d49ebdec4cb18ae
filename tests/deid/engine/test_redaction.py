"""Nothing under a cover takes part in its fill, and nothing outside the plan changes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import redaction
from deid.engine.geometry import Box, Why

ROWS, COLUMNS = 48, 64


def boxes() -> st.SearchStrategy[Box]:
    return st.builds(
        lambda x, y, w, h, first: Box(x, y, min(w, COLUMNS - x), min(h, ROWS - y), first, first + 1, Why.MANUAL),
        st.integers(0, COLUMNS - 1),
        st.integers(0, ROWS - 1),
        st.integers(1, 40),
        st.integers(1, 20),
        st.integers(0, 2),
    )


def picture(seed: int) -> redaction.Pixels:
    return np.random.default_rng(seed).integers(0, 256, (ROWS, COLUMNS, 3), dtype=np.uint8)


def hidden(covers: list[Box], index: int) -> redaction.Mask:
    mask = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    for box in covers:
        if box.first_frame <= index <= box.last_frame:
            mask[box.y : box.y + box.h, box.x : box.x + box.w] = True
    return mask


@settings(max_examples=40, deadline=None)
@given(st.lists(boxes(), max_size=4), st.integers(0, 3), st.integers(0, 9))
def test_only_planned_pixels_change(covers: list[Box], index: int, seed: int) -> None:
    frame = picture(seed)
    kept = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    kept[6:, 4:60] = True

    result = redaction.apply(frame, kept, covers, index=index)

    untouched = kept & ~hidden(covers, index)
    assert result.shape == frame.shape
    assert np.array_equal(result[untouched], frame[untouched])
    assert not result[~kept].any()


@pytest.mark.requirement("R30")
@settings(max_examples=40, deadline=None)
@given(st.lists(boxes(), min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 9))
def test_fill_does_not_depend_on_what_it_hides(covers: list[Box], index: int, seed: int) -> None:
    """Whatever was written under the covers, the result is the same to the last bit."""
    frame = picture(seed)
    other = frame.copy()
    other[hidden(covers, index)] = 255 - other[hidden(covers, index)]
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)

    first = redaction.apply(frame, kept, covers, index=index)
    second = redaction.apply(other, kept, covers, index=index)

    assert np.array_equal(first, second)


def test_fill_takes_the_tone_of_its_surroundings() -> None:
    frame = np.full((ROWS, COLUMNS, 3), 90, dtype=np.uint8)
    frame[20:26, 20:40] = 255
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)

    result = redaction.apply(frame, kept, [Box(18, 18, 24, 10, 0, 0, Why.UNKNOWN_TEXT)], index=0)

    assert (result == 90).all()
    assert frame[22, 30, 0] == 255


def test_fill_on_the_dark_is_even() -> None:
    """Other text beside a cover leaves no smear in it."""
    frame = np.full((ROWS, COLUMNS, 3), 6, dtype=np.uint8)
    frame[20:26, 2:6] = 255
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)

    result = redaction.apply(frame, kept, [Box(10, 16, 40, 14, 0, 0, Why.IDENTIFIER)], index=0)

    assert (result[16:30, 10:50] == 6).all()


def test_touching_covers_are_filled_as_one() -> None:
    frame = picture(3) // 4 + 60
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)
    one = Box(10, 12, 40, 12, 0, 0, Why.IDENTIFIER)
    halves = [Box(10, 12, 20, 12, 0, 0, Why.IDENTIFIER), Box(30, 12, 20, 12, 0, 0, Why.IDENTIFIER)]

    whole, pieces = (redaction.apply(frame, kept, covers, index=0) for covers in ([one], halves))

    assert np.array_equal(whole, pieces)
