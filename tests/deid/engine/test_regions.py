"""Declared regions are believed where the pixels agree; otherwise the sector is looked for."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset
from pydicom.sequence import Sequence

from deid.engine import detector, frames, intake, regions
from tests import samples

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


def test_what_the_file_says_names_the_patient_is_never_kept() -> None:
    text, listed, dataset = Dataset(), Dataset(), declared(60, 60, 600, 420)
    text.private_block(0x200D, "Philips US Imaging DD 109", create=True).add_new(0x04, "SL", [200, 150, 300, 170])
    listed.private_block(0x200D, "Philips US Imaging DD 109", create=True).add_new(0x01, "SQ", [text])
    dataset.private_block(0x200D, "Philips US Imaging DD 109", create=True).add_new(0x0D, "SQ", [listed])

    area = regions.find(dataset, [screen()])

    assert area.certain
    assert not area.mask[150:171, 200:301].any()
    assert area.mask.sum() == 541 * 361 - 21 * 101


def test_a_picture_much_smaller_than_the_regions_it_disagrees_with_is_uncertain() -> None:
    picture = screen()
    picture[200:] = 0
    picture[210:470, 20:40] = 200

    assert not regions.find(declared(5, 190, 600, 470), [picture]).certain


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
    assert not regions.find(declared(10, 10, 110, 70), [smooth]).mask[:70].any()


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


def several(*corners: tuple[int, int, int, int, int]) -> Dataset:
    """Return a dataset that declares regions: four corners and the spatial format."""
    dataset = Dataset()
    dataset.SequenceOfUltrasoundRegions = Sequence(
        [declared(*place, spatial=spatial).SequenceOfUltrasoundRegions[0] for *place, spatial in corners]
    )
    return dataset


def parted() -> np.ndarray:
    """Return a screen with a picture above and a trace below it."""
    picture = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    grain = cv2.GaussianBlur(np.random.default_rng(4).rayleigh(60, (ROWS, COLUMNS)).astype(np.float32), (0, 0), 1.2)
    for rows, columns in ((slice(60, 240), slice(170, 470)), (slice(270, 430), slice(60, 600))):
        picture[rows, columns] = grain.clip(0, 255).astype(np.uint8)[rows, columns, None]
    return picture


def test_all_declared_parts_are_kept() -> None:
    area = regions.find(several((150, 50, 500, 250, 1), (50, 262, 610, 440, 3)), [parted()])

    assert area.certain
    assert area.mask.sum() == 351 * 201 + 561 * 179


def test_a_part_that_was_not_declared_is_kept_too() -> None:
    area = regions.find(several((150, 50, 500, 250, 1)), [parted()])

    assert area.mask[60:240, 170:470].all()
    assert area.mask[272:428, 62:598].all()


@pytest.mark.parametrize(
    "corners",
    [(200, 160, 639, 479), (60, 45, 450, 315), (75, 75, 639, 479), (0, 0, 320, 479)],
    ids=["shifted", "smaller", "larger", "half"],
)
def test_regions_that_cut_the_picture_are_not_believed(corners: tuple[int, int, int, int]) -> None:
    area = regions.find(declared(*corners), [screen()])

    found = regions.find(Dataset(), [screen()])
    assert (area.mask == found.mask).all() or (area.mask & found.mask).sum() > 0.98 * found.mask.sum()


def test_a_bar_in_a_declared_region_is_not_kept() -> None:
    area = regions.find(declared(0, 0, COLUMNS - 1, 430), [screen()])

    assert area.certain
    assert not area.mask[:50].any()
    assert area.mask[60:430].all()


def test_the_edge_of_a_bar_does_not_cut_a_declared_region() -> None:
    area = regions.find(declared(60, 47, 600, 430), [screen()])

    assert area.certain
    assert area.mask[47:431, 60:601].all()


def test_dark_declared_regions_are_believed() -> None:
    picture = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    grain = np.random.default_rng(5).integers(30, 90, (40, 60, 1), np.uint8)
    picture[80:120, 290:350] = grain

    assert regions.find(declared(60, 60, 600, 420), [picture]).certain


def test_regions_of_one_file_do_not_reach_the_next() -> None:
    regions.find(declared(60, 60, 600, 420), [screen()])

    assert regions.find(Dataset(), [screen()]).mask.sum() < 541 * 361


@pytest.mark.parametrize(
    "name", ["OBXXXX1A", "gdcm-US-ALOKA-16", "JPGLosslessP14SV1_1s_1f_8b", "color3d_jpeg_baseline"]
)
def test_declared_regions_of_real_files_are_believed(name: str) -> None:
    area, source, rows = real(name)

    assert area.certain
    first = source.SequenceOfUltrasoundRegions[0]
    x0, y0 = int(first.RegionLocationMinX0), int(first.RegionLocationMinY0)
    assert area.mask[y0 + 2 : y0 + rows // 3, x0 + 2].all()
    assert not area.mask[: y0 - 2].any()


@pytest.mark.parametrize(("name", "header"), [("US1_UNCR", 100), ("examples_jpeg2k", 100), ("examples_rgb_color", 45)])
def test_headers_of_real_files_without_regions_are_left_out(name: str, header: int) -> None:
    area, _, rows = real(name)

    assert area.certain
    assert area.mask[rows // 2 - rows // 8 : rows // 2].mean() > 0.9
    assert not area.mask[:header].any()


def real(name: str) -> tuple[regions.Area, Dataset, int]:
    source = intake.read(samples.named(f"{name}.dcm").read_bytes())
    film = frames.open_frames(source, max_pixels=10**8).spread(3)
    return regions.find(source, film, detector.heat(film[0])), source, len(film[0])
