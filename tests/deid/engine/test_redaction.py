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
@settings(max_examples=60, deadline=None)
@given(st.lists(boxes(), min_size=1, max_size=4), st.integers(0, 3), st.integers(0, 9), st.integers(0, 30))
def test_result_does_not_depend_on_what_it_hides(covers: list[Box], index: int, seed: int, top: int) -> None:
    """Whatever stood under the covers or outside the area, the result is the same to the last bit."""
    frame, other = picture(seed), picture(seed)
    kept = np.zeros((ROWS, COLUMNS), dtype=np.bool_)
    kept[top:, 3:55] = True
    gone = hidden(covers, index) | ~kept
    other[gone] = picture(seed + 100)[gone]

    first = redaction.apply(frame, kept, covers, index=index)
    second = redaction.apply(other, kept, covers, index=index)

    assert np.array_equal(first, second)


@settings(max_examples=30, deadline=None)
@given(st.lists(boxes(), max_size=4), st.integers(0, 9))
def test_frames_are_filled_alike_in_whatever_order(covers: list[Box], seed: int) -> None:
    redactor = redaction.Redactor(np.ones((ROWS, COLUMNS), dtype=np.bool_), covers)
    there = [redactor.apply(picture(seed), index=index) for index in (0, 1, 2, 3)]
    back = [redactor.apply(picture(seed), index=index) for index in (3, 2, 1, 0)]

    assert all(np.array_equal(one, two) for one, two in zip(there, reversed(back), strict=True))


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


def test_a_cover_on_a_panel_shows_the_panel_although_words_and_echoes_are_near() -> None:
    frame = np.full((ROWS, COLUMNS, 3), (28, 32, 40), dtype=np.uint8)
    frame[:10] = picture(4)[:10]
    frame[18:26, 44:50] = 240
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)

    result = redaction.apply(frame, kept, [Box(8, 14, 34, 18, 0, 0, Why.UNKNOWN_TEXT)], index=0)

    assert (result[14:32, 8:42] == (28, 32, 40)).all()


def test_fill_among_echoes_is_calm_and_goes_with_them() -> None:
    """Left it is as dark as the echoes there, right as bright, and nowhere as grainy as they are."""
    frame = (picture(5) // 5 + np.linspace(20, 180, COLUMNS)[None, :, None]).astype(np.uint8)
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)

    result = redaction.apply(frame, kept, [Box(8, 16, 48, 16, 0, 0, Why.IDENTIFIER)], index=0)

    inside = result[16:32, 8:56].astype(float)
    assert abs(inside[:, :6].mean() - frame[:, 8:14].mean()) < 20
    assert abs(inside[:, -6:].mean() - frame[:, 50:56].mean()) < 20
    assert np.abs(np.diff(inside, axis=1)).mean() < 0.4 * np.abs(np.diff(frame.astype(float), axis=1)).mean()


def test_fill_changes_less_from_frame_to_frame_than_the_echoes_do() -> None:
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)
    film = [picture(seed) // 3 + 40 for seed in range(12)]
    redactor = redaction.Redactor(kept, [Box(12, 16, 40, 14, 0, 99, Why.IDENTIFIER)])

    places = slice(16, 30), slice(12, 52)
    filled = np.stack([redactor.apply(frame, index=index)[places] for index, frame in enumerate(film)]).astype(float)
    shown = np.stack([frame[places] for frame in film]).astype(float)

    assert np.abs(np.diff(filled, axis=0)).mean() < 0.5 * np.abs(np.diff(shown, axis=0)).mean()


def test_a_cover_over_everything_is_black() -> None:
    kept = np.ones((ROWS, COLUMNS), dtype=np.bool_)

    assert not redaction.apply(picture(6), kept, [Box(0, 0, COLUMNS, ROWS, 0, 0, Why.MANUAL)], index=0).any()
