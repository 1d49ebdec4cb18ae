"""Letters with known places."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from deid.phantoms import ink
from deid.phantoms.ink import Pen, font, grey_ramp
from deid.phantoms.spec import Kind


@pytest.fixture
def pen() -> Pen:
    area = np.zeros((120, 200), np.bool_)
    area[60:] = True
    return Pen((200, 120), area, 9)


def blank() -> np.ndarray:
    return np.zeros((120, 200, 3), np.uint8)


def test_the_box_holds_all_strong_ink_and_no_empty_edge(pen: Pen) -> None:
    pen.write((10, 10), "Name", kind=Kind.NAME, size=14)
    x, y, w, h = pen.texts[0].box
    bright = pen.apply(blank(), 0).max(axis=2) >= 24
    inside = bright[y : y + h, x : x + w]
    assert inside.sum() == bright.sum()
    assert inside[0].any()
    assert inside[-1].any()
    assert inside[:, 0].any()
    assert inside[:, -1].any()


def test_inside_is_decided_by_the_area(pen: Pen) -> None:
    pen.write((10, 10), "out", kind=Kind.NOTE, size=12)
    pen.write((10, 80), "in", kind=Kind.NOTE, size=12)
    assert [text.inside for text in pen.texts] == [False, True]


def test_ink_of_some_frames_stays_in_them(pen: Pen) -> None:
    pen.write((10, 10), "flash", kind=Kind.NAME, size=12, frames=(3, 5))
    assert [bool(pen.apply(blank(), number).any()) for number in (2, 3, 5, 6)] == [False, True, True, False]
    assert (pen.texts[0].first_frame, pen.texts[0].last_frame) == (3, 5)


def test_ink_off_the_screen_is_refused(pen: Pen) -> None:
    with pytest.raises(ValueError, match="no ink"):
        pen.write((500, 500), "lost", kind=Kind.NOTE, size=12)


def test_marks_and_pictures_are_drawn_but_are_no_text(pen: Pen) -> None:
    pen.line([(0, 0), (50, 50)], (255, 0, 0))
    pen.block((60, 10, 80, 20), (0, 255, 0), opacity=128)
    pen.picture(Image.new("RGBA", (5, 5), (0, 0, 255, 255)), (100, 100))
    frame = pen.apply(blank(), 0)
    assert frame[25, 25, 0] == 255
    assert 100 < frame[15, 70, 1] < 160
    assert frame[102, 102, 2] == 255
    assert pen.texts == []


def test_an_empty_mark_leaves_nothing(pen: Pen) -> None:
    pen.picture(Image.new("RGBA", (5, 5), (0, 0, 255, 0)), (100, 100))
    pen.line([(-9, -9), (-5, -5)], (255, 0, 0))
    assert pen.layers == []


def test_a_shadow_lies_under_the_letters(pen: Pen) -> None:
    pen.write((10, 10), "Note", kind=Kind.NOTE, size=14, shadow=True)
    white = np.full((120, 200, 3), 255, np.uint8)
    assert (pen.apply(white, 0) < 60).any()


def test_without_installed_fonts_pillow_brings_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(ink, "_FONTS", tmp_path)
    font.cache_clear()
    assert font(14).getbbox("Name")[2] > 20
    font.cache_clear()


def test_the_grey_ramp_falls_from_white_to_black() -> None:
    ramp = grey_ramp(4, 50)
    assert ramp.shape == (50, 4)
    assert (ramp[0, 0], ramp[-1, 0]) == (255, 0)
