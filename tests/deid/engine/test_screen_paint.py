"""Grounds, panels and bars are paint; speckle, and the inside of a fan on a coloured ground, are not."""

import cv2
import numpy as np
import pytest

from deid.engine import screen_paint
from tests.deid.engine import painted_screens as screens

_GROUNDS = ((0, 0, 0), (58, 58, 60), (18, 24, 46), (222, 224, 226))


@pytest.mark.parametrize("colour", _GROUNDS, ids=["black", "grey", "blue", "light"])
def test_an_even_ground_is_paint_and_speckle_is_not(colour: tuple[int, int, int]) -> None:
    place = screens.rectangle(80, 60, 320, 240)

    painted = screen_paint.look(screens.echoes(screens.ground(colour), place))

    assert painted.free[~screens.near(place)].mean() < 0.01
    assert painted.free[place].mean() > 0.8


def test_a_shaded_ground_and_jpeg_noise_are_paint() -> None:
    shaded = screens.ground((0, 0, 0))
    shaded[:] = np.linspace(20, 60, len(shaded)).astype(np.uint8)[:, None, None]
    place = screens.rectangle(80, 60, 320, 240)

    painted = screen_paint.look(screens.through_jpeg(screens.echoes(shaded, place), quality=75))

    assert painted.free[~screens.near(place)].mean() < 0.03


def test_a_bar_is_found_to_its_last_row_with_its_letters() -> None:
    picture = screens.echoes(screens.with_bar(screens.ground((0, 0, 0)), 40), screens.rectangle(80, 60, 320, 240))

    bars = screen_paint.look(picture).bars

    assert bars[:40].all()
    assert not bars[44:].any()


def test_a_picture_up_to_the_screens_edges_has_no_bars() -> None:
    everywhere = np.ones((screens.ROWS, screens.COLUMNS), np.bool_)

    painted = screen_paint.look(screens.echoes(screens.ground((0, 0, 0)), everywhere))

    assert not painted.bars.any()
    assert painted.free.mean() > 0.8


def test_black_inside_a_thin_frame_is_still_ground() -> None:
    picture = screens.ground((0, 0, 0))
    cv2.rectangle(picture, (60, 50), (340, 260), (120, 120, 120), 1)

    assert screen_paint.look(picture).free[60:250, 70:330].mean() < 0.01


@pytest.mark.parametrize("colour", [(18, 24, 46), (12, 12, 14)], ids=["blue", "dark"])
def test_the_black_inside_of_a_fan_on_a_coloured_ground_is_no_paint(colour: tuple[int, int, int]) -> None:
    picture = screens.ground(colour)
    fan = screens.fan()
    picture[fan] = 0

    assert screen_paint.look(picture).free[fan].mean() > 0.9


@pytest.mark.parametrize("colour", [(30, 30, 36), (204, 204, 204), (10, 20, 92)], ids=["dark", "light", "blue"])
def test_a_bar_is_found_whose_letters_reach_the_screens_edge(colour: tuple[int, int, int]) -> None:
    picture = screens.with_bar(screens.ground((0, 0, 0)), 40, colour=colour)
    for row in (16, 34):
        cv2.putText(picture, "2014/04/26 17:52", (270, row), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (120, 190, 240), 1)

    bars = screen_paint.look(screens.echoes(picture, screens.fan(apex=44, far=200))).bars

    assert bars[:40].all()
    assert not bars[44:].any()


def test_black_under_a_wide_picture_is_no_bar() -> None:
    picture = screens.echoes(screens.ground((0, 0, 0)), screens.rectangle(10, 60, 390, 270))

    assert not screen_paint.look(picture).bars.any()


def test_the_black_inside_of_a_cyst_is_no_paint() -> None:
    picture = screens.echoes(screens.ground((0, 0, 0)), screens.rectangle(60, 50, 340, 260))
    cyst = screens.polygon((150, 100), (240, 100), (240, 200), (150, 200))
    picture[cyst] = 0

    assert screen_paint.look(picture).free[cyst].mean() > 0.9


def test_blank_is_the_colour_of_paint_wherever_it_is() -> None:
    place = screens.rectangle(60, 50, 340, 260)
    picture = screens.echoes(screens.ground((0, 0, 0)), place)

    painted = screen_paint.look(picture)

    assert painted.blank[~screens.near(place)].all()
    assert painted.blank[place].mean() < 0.1


def test_an_even_ground_tells_what_hardly_differs_from_it() -> None:
    picture, place = screens.ground((4, 6, 4)), screens.fan()
    picture[place] = np.random.default_rng(3).integers(0, 4, (int(place.sum()), 1), np.uint8)

    blank = screen_paint.look(picture).blank

    assert blank[~screens.near(place)].all()
    assert blank[place].mean() < 0.1


def test_edges_of_bars_and_lines_across_the_screen_are_paint() -> None:
    picture = screens.with_bar(screens.ground((26, 27, 32)), 40, colour=(16, 16, 16))
    picture[56:58] = 90
    picture = screens.through_jpeg(screens.echoes(picture, screens.rectangle(80, 80, 320, 240)), quality=80)

    assert screen_paint.look(picture).free[38:70].mean() < 0.03
