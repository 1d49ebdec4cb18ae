"""Declared regions are taken where they can be rectangles of the picture, and only those of pictures and traces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.sequence import Sequence

from deid.engine.declared_regions import rectangles

ROWS, COLUMNS = 480, 640


def region(corners: tuple[int, int, int, int], *, spatial: int = 1, data: int = 1) -> Dataset:
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType = spatial, data
    item.RegionLocationMinX0, item.RegionLocationMinY0 = corners[:2]
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = corners[2:]
    return item


def found(*items: Dataset) -> list[tuple[int, int, int, int]]:
    dataset = Dataset()
    dataset.SequenceOfUltrasoundRegions = Sequence(items)
    return rectangles(dataset, rows=ROWS, columns=COLUMNS)


def test_corners_are_inclusive() -> None:
    assert found(region((60, 50, 600, 420))) == [(60, 50, 600, 420)]


def test_all_parts_of_a_picture_with_traces_are_taken() -> None:
    parts = [((60, 50, 600, 240), 1, 1), ((60, 250, 600, 330), 2, 1), ((60, 340, 600, 440), 3, 3)]

    assert found(*(region(corners, spatial=spatial, data=data) for corners, spatial, data in parts)) == [
        corners for corners, _, _ in parts
    ]


@pytest.mark.parametrize(
    ("spatial", "data"),
    [(0, 0), (4, 10), (5, 1), (1, 13), (0, 13), (1, 14), (1, 10)],
    ids=["none", "ecg", "graphics", "grey_bar", "aloka_grey_bar", "colour_bar", "ecg_as_2d"],
)
def test_bars_waveforms_and_graphics_are_no_pictures(spatial: int, data: int) -> None:
    assert found(region((60, 50, 600, 420), spatial=spatial, data=data)) == []


@pytest.mark.parametrize(
    "corners",
    [(0, 0, 639, 479), (0, 0, 640, 480), (2, 2, 638, 478)],
    ids=["whole", "one_past", "nearly"],
)
def test_the_whole_screen_says_nothing(corners: tuple[int, int, int, int]) -> None:
    assert found(region(corners)) == []


@pytest.mark.parametrize(
    "corners",
    [(120, 120, 1200, 840), (120, 60, 800, 518), (60, 50, 50, 420), (60, 50, 64, 420), (60, 50, 90, 80)],
    ids=["scaled", "cropped", "reversed", "narrow", "tiny"],
)
def test_rectangles_that_do_not_fit_the_picture_are_left_out(corners: tuple[int, int, int, int]) -> None:
    assert found(region(corners)) == []


def test_one_past_the_end_is_clamped() -> None:
    assert found(region((60, 50, COLUMNS, ROWS))) == [(60, 50, COLUMNS - 1, ROWS - 1)]


def test_incomplete_items_and_files_without_regions_give_none() -> None:
    half = Dataset()
    half.RegionSpatialFormat = 1

    assert found(half) == []
    assert rectangles(Dataset(), rows=ROWS, columns=COLUMNS) == []


@given(st.tuples(*[st.integers(0, 4_000_000_000)] * 4), st.integers(0, 6), st.integers(0, 19))
def test_whatever_is_declared_lies_in_the_picture(corners: tuple[int, int, int, int], spatial: int, data: int) -> None:
    for x0, y0, x1, y1 in found(region(corners, spatial=spatial, data=data)):
        assert 0 <= x0 < x1 < COLUMNS
        assert 0 <= y0 < y1 < ROWS
