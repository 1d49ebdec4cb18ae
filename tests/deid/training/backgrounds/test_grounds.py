"""Bare screens and the panels on them."""

import numpy as np
import pytest

from deid.training.backgrounds.grounds import ground, panels, real


@pytest.mark.parametrize("held_out", [False, True])
def test_most_grounds_are_dark_and_some_are_light(held_out: bool) -> None:
    means = [ground(np.random.default_rng(seed), 60, 80, held_out=held_out).mean() for seed in range(120)]
    assert np.median(means) < 25
    assert max(means) > 100


def test_real_screens_are_dark_and_even_with_bars_at_most_above_and_below() -> None:
    for seed in range(30):
        screen = np.full((120, 160, 3), 255, np.uint8)
        real(np.random.default_rng(seed), screen, (10, 12, 130, 90))
        assert (screen[12:102] == screen[12, 0]).all()
        assert screen[12:102].max() < 50
        assert (screen[:12] == screen[0, 0]).all()
        assert (screen[102:] == screen[119, 0]).all()


@pytest.mark.parametrize("held_out", [False, True])
def test_panels_leave_the_place_of_the_pictures_alone(held_out: bool) -> None:
    changed = 0
    for seed in range(20):
        screen = np.full((300, 400, 3), 3, np.uint8)
        panels(np.random.default_rng(seed), screen, (60, 40, 250, 200), held_out=held_out)
        assert (screen[40:240, 60:310] == 3).all()
        changed += int((screen != 3).any())
    assert changed > 10


def test_no_panel_stands_where_there_is_no_margin() -> None:
    screen = np.zeros((200, 200, 3), np.uint8)
    for seed in range(10):
        panels(np.random.default_rng(seed), screen, (0, 0, 200, 200), held_out=False)
    assert not screen.any()
