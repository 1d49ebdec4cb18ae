"""Declared regions are believed where the pixels agree; otherwise the sector is looked for."""

import cv2
import numpy as np
import pytest
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
