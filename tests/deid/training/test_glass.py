"""The truth of every pixel while a screen is painted."""

from dataclasses import replace

import numpy as np
import pytest

from deid.training.fonts import OUTLINES
from deid.training.glass import Glass
from deid.training.lettering import Style
from deid.training.texts import Kind

pytestmark = pytest.mark.usefixtures("typefaces")
STYLE = Style(OUTLINES[0], 14, (255, 255, 255))
RNG = np.random.default_rng(0)


@pytest.fixture
def glass() -> Glass:
    area = np.zeros((120, 300), bool)
    area[60:110, 20:200] = True
    return Glass(np.full((120, 300, 3), 20, np.uint8), area)


def test_labels_lie_exactly_on_ink_that_shows(glass: Glass) -> None:
    assert glass.write(RNG, "Name", (30, 40), STYLE, kind=Kind.NAME)
    changed = (glass.pixels != 20).any(axis=2)
    assert glass.labels.max() == 1
    assert not glass.labels[~changed].any()
    assert (glass.labels[glass.pixels[..., 0] > 128] == 1).all()
    assert [(line.text, line.identifying) for line in glass.lines] == [("Name", True)]


def test_dark_ink_on_a_plate_is_labelled_and_the_plate_is_not(glass: Glass) -> None:
    style = replace(STYLE, colour=(0, 0, 0), plate=(230, 230, 230))
    glass.write(RNG, "DOB", (30, 40), style, kind=Kind.BIRTH_DATE)
    assert (glass.pixels[glass.labels == 1].mean()) < 80
    assert not glass.labels[glass.pixels.min(axis=2) > 220].any()


def test_a_second_text_finds_no_place_on_the_first(glass: Glass) -> None:
    assert glass.write(RNG, "FIRST", (30, 40), STYLE, kind=Kind.NOTE)
    before = glass.pixels.copy()
    assert glass.write(RNG, "SECOND", (34, 42), STYLE, kind=Kind.NOTE) is None
    assert np.array_equal(glass.pixels, before)


@pytest.mark.parametrize("at", [(-20, 40), (290, 40), (30, 4), (30, 130)], ids=["left", "right", "top", "foot"])
def test_a_text_off_the_screen_finds_no_place(glass: Glass, at: tuple[int, int]) -> None:
    assert glass.write(RNG, "OUTSIDE", at, STYLE, kind=Kind.NOTE) is None


def test_a_colour_that_would_not_show_is_changed(glass: Glass) -> None:
    glass.write(RNG, "FAINT", (30, 40), replace(STYLE, colour=(22, 20, 20)), kind=Kind.NOTE)
    assert glass.pixels[glass.labels == 1].mean() > 120


def test_nothing_is_printed_where_nothing_could_be_read(glass: Glass) -> None:
    glass.pixels[:] = np.random.default_rng(1).choice((0, 255), (120, 300, 1)).astype(np.uint8)
    assert glass.write(RNG, "LOST", (30, 40), STYLE, kind=Kind.NOTE) is None
    assert not glass.labels.any()


@pytest.mark.parametrize(("text", "counted"), [("V", True), ("VENDOR", False)], ids=["single sign", "logo"])
def test_signs_that_may_be_either_are_ignored(glass: Glass, text: str, counted: bool) -> None:
    glass.write(RNG, text, (30, 40), STYLE, kind=Kind.OTHER, counted=counted)
    assert not glass.labels.any()
    assert glass.ignored[(glass.pixels > 100).any(axis=2)].all()


def test_a_turned_text_is_taller_than_wide(glass: Glass) -> None:
    box = glass.write(RNG, "UPWARDS", (100, 10), STYLE, kind=Kind.NOTE, turned=True)
    assert box is not None
    assert box[3] > 2 * box[2]


def test_wiped_pixels_lose_their_label(glass: Glass) -> None:
    glass.write(RNG, "Name", (30, 40), STYLE, kind=Kind.NAME)
    glass.wipe(np.ones((120, 300), bool))
    assert not glass.labels.any()


def test_the_frame_holds_the_area(glass: Glass) -> None:
    assert glass.frame == (20, 60, 180, 50)
    assert Glass(glass.pixels, np.zeros((120, 300), bool)).frame == (0, 0, 300, 120)
