"""On every sheet the whole picture is to be seen, scaled and uncut, beside who it is from."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.engine import formats, sheets
from deid.engine.formats import Format
from deid.phantoms.logo import paint_logo
from tests.factories.renders import BRAND

SHEETS = [one for one in Format if one not in {Format.ORIGINAL, Format.FILM}]
GROUND = (0x1F, 0x4E, 0x5F)


def cut_with_margin(rows: int, columns: int) -> sheets.Pixels:
    """A picture as framing cuts it: an area that is white throughout, with its margin of black."""
    cut = np.zeros((rows, columns, 3), np.uint8)
    margin = max(8, round(0.025 * max(rows, columns)))
    cut[margin : rows - margin, margin : columns - margin] = 255
    return cut


@pytest.mark.requirement("R31")
@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(SHEETS), st.integers(200, 900), st.integers(240, 1300), st.booleans(), st.sampled_from([6, 8, 12])
)
def test_nothing_of_the_area_is_cut_off_or_stretched(
    wanted: Format, rows: int, columns: int, top: bool, height: int
) -> None:
    sheet = formats.sheet_for(wanted, wide=columns > formats.LYING * rows)
    assert sheet
    laid = sheets.lay(sheet, replace(BRAND, top=top, height=height), (rows, columns))
    assert laid.x >= sheet.side
    assert laid.x + laid.w <= sheet.width - sheet.side
    assert laid.y >= sheet.above
    assert laid.y + laid.h <= sheet.height - sheet.below
    assert abs(laid.w / columns - laid.h / rows) < 0.02
    cut = cut_with_margin(rows, columns)
    shown = laid.cut_of(laid.picture_of(cut))
    way = cv2.INTER_CUBIC if laid.w >= columns else cv2.INTER_AREA
    meant = np.asarray(cv2.resize(cut, (laid.w, laid.h), interpolation=way))
    area = meant.min(axis=2) > 250
    assert (shown[area] > 240).all()


@pytest.mark.parametrize("wanted", SHEETS)
def test_ground_and_signature_are_the_clinics(wanted: Format) -> None:
    sheet = formats.sheet_for(wanted, wide=True)
    assert sheet
    laid = sheets.lay(sheet, BRAND, (400, 560))
    paper = sheet.paper
    assert tuple(laid.ground[5, 5]) == ((255, 255, 255) if paper else GROUND)
    ink = np.array(GROUND if paper else (255, 255, 255))
    beside = laid.ground[: laid.y - 10]
    assert (np.abs(beside.astype(int) - ink).max(axis=2) < 8).sum() > 500
    # the margins are bare
    assert (laid.ground[: sheet.above] == laid.ground[0, 0]).all()
    assert (laid.ground[4 - sheet.below :] == laid.ground[0, 0]).all()
    assert (laid.ground[:, : sheet.side - 4] == laid.ground[0, 0]).all()


def test_the_signature_stands_where_the_clinic_wants_it() -> None:
    sheet = formats.sheet_for(Format.SQUARE, wide=True)
    assert sheet
    above, below = (sheets.lay(sheet, replace(BRAND, top=top), (400, 560)) for top in (True, False))
    assert above.y > below.y


def test_long_words_are_shortened_and_stay_inside() -> None:
    sheet = formats.sheet_for(Format.STORY, wide=True)
    assert sheet
    brand = replace(
        BRAND, name="W" * 60, line="M" * 80, web="m" * 80, handle="@" + "w" * 30, logo=paint_logo(200, (255, 255, 255))
    )
    laid = sheets.lay(sheet, brand, (400, 560))
    assert (laid.ground[:, : sheet.side - 4] == laid.ground[0, 0]).all()
    assert (laid.ground[:, 4 - sheet.side :] == laid.ground[0, 0]).all()


def test_the_code_can_be_read_by_a_telephone() -> None:
    sheet = formats.sheet_for(Format.PRINT, wide=False)
    assert sheet
    laid = sheets.lay(sheet, replace(BRAND, qr=True, web="https://hillside.example"), (560, 400))
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(laid.ground)
    assert text == "https://hillside.example"


def test_on_paper_a_pale_colour_gives_way_to_one_that_can_be_read() -> None:
    sheet = formats.sheet_for(Format.PRINT, wide=False)
    assert sheet
    laid = sheets.lay(sheet, replace(BRAND, background="#fff4e0", ink="#5a3320"), (560, 400))
    assert laid.ground[: laid.y - 10].reshape(-1, 3).min(axis=0).tolist() == [0x5A, 0x33, 0x20]


def test_on_paper_a_logo_for_the_clinics_colour_brings_that_colour_along() -> None:
    sheet = formats.sheet_for(Format.PRINT, wide=False)
    assert sheet
    white = paint_logo(200, (255, 255, 255))
    shown = sheets.lay(sheet, replace(BRAND, logo=white), (560, 400)).ground
    plain = sheets.lay(sheet, replace(BRAND, logo=white, paper_logo=white), (560, 400)).ground
    tinted = [(np.abs(one.astype(int) - GROUND).max(axis=2) < 8).sum() for one in (shown, plain)]
    assert tinted[0] > tinted[1] + 5000
