"""From heat to lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageFont

from deid.engine import text_lines
from deid.engine.detector import CELL


def everywhere(rows: int, columns: int) -> np.ndarray:
    return np.ones((rows * CELL, columns * CELL), np.bool_)


@given(arrays.arrays(np.float32, (12, 20), elements=st.floats(0, 1, width=32)))
def test_every_sure_cell_of_an_island_with_some_heat_lies_in_a_line(heat: np.ndarray) -> None:
    bounds = text_lines.Bounds(sure=0.6, likely=0.3)
    lines = text_lines.lines(heat, everywhere(12, 20), bounds)
    covered = np.zeros((48, 80), np.bool_)
    for line in lines:
        covered[line.y : line.y + line.h, line.x : line.x + line.w] = True
        assert 0 <= line.x < line.x + line.w <= 80
        assert 0 <= line.y < line.y + line.h <= 48
    neighbours = sum(np.roll(np.pad(heat, 1), step, axis=axis) for step in (1, -1) for axis in (0, 1))[1:-1, 1:-1]
    for y, x in np.argwhere((heat > 0.9) & (neighbours > 3.0)):
        assert covered[y * CELL : y * CELL + CELL, x * CELL : x * CELL + CELL].all()


def test_pieces_of_one_row_are_one_line_and_rows_are_not() -> None:
    heat = np.zeros((20, 40), np.float32)
    heat[4:7, 3:9] = heat[4:7, 11:18] = 0.9
    heat[12:15, 3:9] = 0.9
    found = text_lines.lines(heat, everywhere(20, 40))
    assert sorted((line.x, line.y, line.w, line.h) for line in found) == [(12, 16, 60, 12), (12, 48, 24, 12)]


def test_a_short_row_below_a_long_one_is_short() -> None:
    picture = np.full((80, 160, 3), 20, np.uint8)
    picture[20:30, 12:132:3] = 230
    picture[36:46, 92:132:3] = 230
    heat = np.zeros((20, 40), np.float32)
    heat[4:9, 2:34] = 0.9
    heat[8:12, 22:34] = 0.9
    long, short = sorted(text_lines.lines(heat, everywhere(20, 40), picture=picture), key=lambda line: line.y)
    assert (long.x, long.w) == (8, 128) or long.x + long.w >= 132
    assert short.x >= 80
    assert short.x + short.w >= 132


def test_a_line_goes_on_over_what_is_suspected_beside_it_but_not_along_another_line() -> None:
    heat = np.zeros((20, 60), np.float32)
    heat[4:9, 3:12] = 0.9
    heat[4:8, 13:16] = 0.06
    heat[8:13, 18:40] = 0.9
    upper, lower = sorted(text_lines.lines(heat, everywhere(20, 60)), key=lambda line: line.y)
    assert (upper.x, upper.x + upper.w) == (12, 64)
    assert (lower.x, lower.x + lower.w) == (72, 160)


def test_what_does_not_touch_the_searched_part_is_left_out() -> None:
    heat = np.zeros((20, 40), np.float32)
    heat[4:7, 3:9] = 0.9
    searched = np.zeros((80, 160), np.bool_)
    searched[40:] = True
    assert text_lines.lines(heat, searched) == []


@given(
    arrays.arrays(np.float32, (12, 20), elements=st.floats(0, 1, width=32)),
    st.integers(0, 47),
    st.integers(1, 20),
    st.integers(0, 60),
)
def test_what_lies_in_other_rows_changes_no_line(heat: np.ndarray, top: int, tall: int, left: int) -> None:
    bounds = text_lines.Bounds(sure=0.9, likely=0.7)
    searched = np.zeros((48, 80), np.bool_)
    searched[top : top + tall, left : left + 20] = True
    touching = [
        line
        for line in text_lines.lines(heat, everywhere(12, 20), bounds)
        if searched[line.y : line.y + line.h, line.x : line.x + line.w].any()
    ]
    assert text_lines.lines(heat, searched, bounds) == touching


@pytest.mark.parametrize("spacing", [14, 16, 19])
def test_rows_of_print_that_stand_close_are_told_apart(spacing: int) -> None:
    image = Image.new("RGB", (160, 96), (20, 20, 24))
    pen = ImageDraw.Draw(image)
    for number, text in enumerate(("BPD 52.1 mm", "HC 190 mm", "AC 165 mm")):
        pen.text((12, 12 + number * spacing), text, fill=(240, 240, 120), font=ImageFont.load_default(12))
    heat = np.zeros((24, 40), np.float32)
    heat[3 : 3 + (3 * spacing) // CELL, 2:26] = 0.9
    found = text_lines.lines(heat, everywhere(24, 40), picture=np.asarray(image))
    assert len(found) == 3
