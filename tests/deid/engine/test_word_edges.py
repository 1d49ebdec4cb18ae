"""A word that was read reaches to the end of its last letter, and never to the next one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import word_edges
from deid.engine.ocr import Crop
from deid.engine.reading import Text

TALL, STROKE, GAP = 20, 4, 3


def a_row(*starts: int, wide: int = 200) -> Crop:
    """Return a crop at (10, 30) with upright strokes that start in these columns."""
    image = np.zeros((TALL, wide), np.uint8)
    for start in starts:
        image[:, start : start + STROKE] = 255
    return Crop(line=a_word(0, wide), image=image, x=10, y=30)


def a_word(first: int, end: int) -> Text:
    return Text(x=10 + first, y=30, w=end - first, h=TALL, first_frame=0, last_frame=0, words="cm", confidence=90.0)


def reach(word: Text) -> tuple[int, int]:
    return word.x - 10, word.x - 10 + word.w


def test_the_rest_of_a_letter_belongs_to_its_word() -> None:
    strokes = (40, 40 + STROKE + GAP, 40 + 2 * (STROKE + GAP))
    end = strokes[-1] + STROKE

    for cut in range(strokes[1], end):
        (word,) = word_edges.fitted([a_word(40, cut)], a_row(*strokes))
        assert reach(word) == (40, end)
    for cut in range(strokes[0] + 1, strokes[-1] + 1):
        (word,) = word_edges.fitted([a_word(cut, end)], a_row(*strokes))
        assert reach(word)[1] == end
        assert reach(word)[0] in (40, cut)


@pytest.mark.parametrize("gap", [5, 8, 12])
def test_a_word_never_reaches_beyond_a_space(gap: int) -> None:
    (word,) = word_edges.fitted([a_word(40, 42)], a_row(40, 44 + gap))

    assert reach(word) == (40, 44)


def test_a_word_never_reaches_into_one_that_was_read() -> None:
    first, second = word_edges.fitted([a_word(40, 45), a_word(46, 60)], a_row(40, 47, 54))

    assert (reach(first), reach(second)) == ((40, 45), (46, 60))


def test_strokes_that_go_on_further_than_a_letter_change_nothing() -> None:
    (word,) = word_edges.fitted([a_word(40, 60)], a_row(*range(0, 200, STROKE + 1)))

    assert reach(word) == (40, 60)


@given(st.integers(0, 2**32 - 1), st.integers(0, 190), st.integers(1, 60))
def test_a_word_is_never_cut_and_grows_by_less_than_a_letter(seed: int, first: int, wide: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (TALL, 200), dtype=np.uint8)
    end = min(200, first + wide)
    (word,) = word_edges.fitted([a_word(first, end)], Crop(line=a_word(0, 200), image=image, x=10, y=30))

    assert reach(word)[0] <= first < end <= reach(word)[1]
    assert first - reach(word)[0] < TALL
    assert reach(word)[1] - end < TALL
