"""Printed strokes are told from echoes by how fast they rise, in light, dark and coloured ink."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import strokes
from deid.engine.reading import Text
from tests.deid.engine.screens import COLUMNS, ROWS, dark, everywhere, speckle, written


def rows(picture: np.ndarray, *, echoes: bool = True) -> list[Text]:
    return strokes.rows(strokes.inks(picture, everywhere(), everywhere(echoes)))


def strong(lines: list[Text]) -> list[Text]:
    return [line for line in lines if line.glyphs >= 4 and line.strength >= 2]


def test_word_on_speckle_is_a_strong_row() -> None:
    (line, *_) = strong(rows(written(speckle(1), "SMITH")))

    assert line.x <= 70
    assert line.x + line.w >= 110
    assert 90 <= line.y <= 110


@pytest.mark.parametrize("seed", range(5))
def test_speckle_alone_has_no_strong_row(seed: int) -> None:
    assert strong(rows(speckle(seed))) == []


def test_dark_word_on_light_is_dark_ink() -> None:
    light = np.full((ROWS, COLUMNS, 3), 200, np.uint8)

    assert strokes.DARK in {line.ink for line in strong(rows(written(light, "SMITH", colour=(10, 10, 10))))}


def test_word_no_brighter_than_its_ground_is_coloured_ink() -> None:
    ground = np.full((ROWS, COLUMNS, 3), (200, 140, 90), np.uint8)

    found = strong(rows(written(ground, "SMITH", colour=(140, 160, 200))))

    assert strokes.COLOUR in {line.ink for line in found}


def test_grey_picture_has_no_coloured_ink() -> None:
    assert len(strokes.inks(speckle(1), everywhere(), everywhere())) == 2


def test_nothing_is_found_outside_the_mask() -> None:
    kept = everywhere(False)
    kept[150:] = True

    assert strokes.rows(strokes.inks(written(dark(), "SMITH"), kept, everywhere(False))) == []


def test_part_of_an_ink_is_that_part() -> None:
    ink = strokes.inks(written(dark(), "SMITH"), everywhere(), everywhere(False))[strokes.LIGHT]

    window = ink.window(slice(100, 130), slice(50, 140))

    assert (window.drawn == ink.drawn[100:130, 50:140]).all()
    assert window.drawn.any()


@settings(max_examples=25, deadline=None)
@given(st.integers(5, 200), st.integers(30, 220), st.text("ABCDEFHKLMNPRSTUVX", min_size=4, max_size=7))
def test_any_word_on_the_dark_is_found_where_it_stands(x: int, y: int, words: str) -> None:
    picture = written(dark(), words, x, y)
    ink = np.argwhere(picture.max(axis=2) > 128)

    found = rows(picture, echoes=False)

    inside = np.zeros((ROWS, COLUMNS), np.bool_)
    for line in found:
        inside[max(0, line.y - 2) : line.y + line.h + 2, max(0, line.x - 2) : line.x + line.w + 2] = True
    assert inside[ink[:, 0], ink[:, 1]].mean() > 0.85
