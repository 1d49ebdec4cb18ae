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


def test_the_black_inside_of_a_fan_on_blue_is_no_paint() -> None:
    picture = screens.ground((18, 24, 46))
    fan = screens.fan()
    picture[fan] = 0

    assert screen_paint.look(picture).free[fan].mean() > 0.9
