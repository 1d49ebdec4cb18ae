"""What machines print around the picture."""

import numpy as np
import pytest

from deid.phantoms.ink import Pen
from deid.phantoms.person import invent_person
from deid.phantoms.screens import dress_screen
from deid.phantoms.spec import Inked, Kind, Layout, Spec, Subject, Transducer


def printed(**choices: object) -> list[Inked]:
    spec = Spec(invent_person(2), width=640, height=480, **choices)  # type: ignore[arg-type]
    area = np.zeros((480, 640), np.bool_)
    area[100:460, 100:560] = True
    pen = Pen((640, 480), area, spec.frames - 1)
    dress_screen(pen, spec)
    return pen.texts


@pytest.mark.parametrize("layout", Layout)
def test_every_layout_prints_all_that_identifies(layout: Layout) -> None:
    kinds = {text.kind for text in printed(layout=layout)}
    assert kinds >= {Kind.NAME, Kind.ID, Kind.BIRTH_DATE, Kind.DATE, Kind.HOSPITAL, Kind.MARK, Kind.SETTING}


@pytest.mark.parametrize("layout", Layout)
def test_texts_of_one_frame_do_not_cover_each_other(layout: Layout) -> None:
    boxes = [text.box for text in printed(layout=layout, note="Baby waves")]
    for number, (x, y, w, h) in enumerate(boxes):
        for a, b, c, d in boxes[number + 1 :]:
            assert x + w <= a or a + c <= x or y + h <= b or b + d <= y


def test_the_clock_ticks_in_a_cine() -> None:
    dates = [text for text in printed(frames=60) if text.kind is Kind.DATE]
    assert [(text.first_frame, text.last_frame) for text in dates] == [(0, 24), (25, 49), (50, 59)]
    assert len({text.text for text in dates}) == 3


def test_a_note_and_a_flashing_name_lie_inside_the_picture() -> None:
    texts = printed(note="Baby waves", flash=(2, 4), frames=8)
    note = next(text for text in texts if text.kind is Kind.NOTE)
    flash = next(text for text in texts if (text.first_frame, text.last_frame) == (2, 4))
    assert note.inside
    assert flash.inside
    assert flash.kind is Kind.NAME


def test_one_layout_prints_the_name_inside_the_picture() -> None:
    assert any(text.kind is Kind.NAME and text.inside for text in printed(layout=Layout.FJORD))
    assert not any(text.kind is Kind.NAME and text.inside for text in printed(layout=Layout.HARBOUR))


def test_settings_follow_probe_and_subject() -> None:
    assert any("L4-12" in text.text for text in printed(transducer=Transducer.LINEAR))
    assert any("Light" in text.text for text in printed(subject=Subject.SURFACE))
