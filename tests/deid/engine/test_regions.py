"""Declared regions are believed where the pixels agree; otherwise the sector is looked for."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.sequence import Sequence

from deid.engine import regions

ROWS, COLUMNS = 480, 640


def screen(*, banner: bool = True) -> np.ndarray:
    rng = np.random.default_rng(5)
    speckle = cv2.GaussianBlur(rng.rayleigh(60, (ROWS, COLUMNS)).astype(np.float32), (0, 0), 1.2)
    fan = np.zeros((ROWS, COLUMNS), np.uint8)
    cv2.fillPoly(fan, [np.array([[270, 80], [370, 80], [560, 400], [80, 400]])], 1)
    picture = np.repeat(np.where(fan, speckle, 0).clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    if banner:
        picture[:50] = (60, 40, 30)
        cv2.putText(picture, "SMITH JANE 1990", (20, 34), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 2)
    return picture


def declared(*corners: int, spatial: int = 1, data: int = 1) -> Dataset:
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType = spatial, data
    item.RegionLocationMinX0, item.RegionLocationMinY0 = corners[0], corners[1]
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = corners[2], corners[3]
    dataset = Dataset()
    dataset.SequenceOfUltrasoundRegions = Sequence([item])
    return dataset


def test_declared_region_is_kept_with_its_last_pixel() -> None:
    area = regions.find(declared(60, 60, 600, 420), [screen()])

    assert area.certain
    assert area.mask[60, 60]
    assert area.mask[420, 600]
    assert area.mask.sum() == 541 * 361


def test_region_one_past_the_end_is_clamped() -> None:
    area = regions.find(declared(60, 60, COLUMNS, ROWS), [screen()])

    assert area.certain
    assert area.mask[ROWS - 1, COLUMNS - 1]
    assert not area.mask[59].any()


@pytest.mark.parametrize(
    "dataset",
    [
        Dataset(),
        declared(0, 0, COLUMNS - 1, ROWS - 1, spatial=0, data=0),
        declared(0, 0, COLUMNS - 1, ROWS - 1),
        declared(120, 120, 1200, 840),
        declared(10, 10, 150, 110),
        declared(60, 60, 600, 420, spatial=4, data=10),
    ],
)
def test_sector_is_found_where_regions_do_not_help(dataset: Dataset) -> None:
    area = regions.find(dataset, [screen()])

    assert area.certain
    assert area.mask[240, 320]
    assert not area.mask[:50].any()
    assert not area.mask[450:].any()
    assert 0.15 < area.mask.mean() < 0.5


def test_screen_without_echoes_is_uncertain() -> None:
    blank = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    cv2.putText(blank, "REPORT", (20, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 2)

    area = regions.find(Dataset(), [blank])

    assert not area.certain
    assert not area.mask.any()


def test_parts_with_a_shadow_between_them_are_one_sector() -> None:
    picture = screen()
    picture[240:300] = 0

    area = regions.find(Dataset(), [picture])

    assert area.certain
    assert area.mask[270, 320]
    assert area.mask[390, 320]


def test_bright_picture_without_speckle_keeps_its_declared_region() -> None:
    """A volume renderer's picture has no grain by which to find it."""
    smooth = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    light = np.clip(220 - np.hypot(rows - 250, columns - 320), 0, 255)[80:420, 120:520]
    smooth[80:420, 120:520] = light[:, :, None] * (1.0, 0.7, 0.5)

    area = regions.find(declared(120, 80, 519, 419), [smooth])

    assert area.certain
    assert area.mask.sum() == 400 * 340
    assert not regions.find(declared(10, 10, 110, 70), [smooth]).certain


def test_row_of_buttons_under_the_picture_is_no_part_of_it() -> None:
    picture = screen(banner=False)
    picture[:, :200] = picture[:, 440:] = picture[330:] = 0
    picture[430:460, 20:620] = np.random.default_rng(1).integers(60, 90, (30, 600, 1), dtype=np.uint8)

    assert not regions.find(Dataset(), [picture]).mask[430:460].any()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 160), st.integers(0, 90))
def test_sector_is_found_wherever_it_stands(right: int, down: int) -> None:
    picture = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    grain = cv2.GaussianBlur(np.random.default_rng(2).rayleigh(70, (300, 400)).astype(np.float32), (0, 0), 1.2)
    picture[70 + down : 370 + down, 40 + right : 440 + right] = grain.clip(0, 255).astype(np.uint8)[:, :, None]

    area = regions.find(Dataset(), [picture])

    assert area.certain
    assert area.mask[72 + down : 368 + down, 42 + right : 438 + right].mean() > 0.98
    assert area.mask.sum() <= 1.1 * 300 * 400
