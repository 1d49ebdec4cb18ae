"""Scale, calipers and results."""

import numpy as np

from deid.phantoms.anatomy.scenes import SCENES
from deid.phantoms.dress import picture_box
from deid.phantoms.ink import Pen
from deid.phantoms.overlay import label_picture, mark_echoes
from deid.phantoms.person import invent_person
from deid.phantoms.sector import Sector
from deid.phantoms.spec import Kind, Spec, Subject


def marked(subject: Subject, *, measured: bool = True) -> Pen:
    spec = Spec(invent_person(2), subject=subject, width=640, height=480, measured=measured)
    pen = Pen((640, 480), np.ones((480, 640), np.bool_), 0)
    scene = SCENES[subject]
    mark_echoes(pen, spec, scene, Sector(*picture_box(spec), scene.depth, 5.0, scene.half_angle))
    return pen


def test_results_are_printed_as_measurements() -> None:
    texts = [text.text for text in marked(Subject.HEAD).texts if text.kind is Kind.MEASUREMENT]
    assert "BPD" in texts
    assert "5.28 cm  21w6d" in texts


def test_a_picture_without_results_has_no_box() -> None:
    assert not [text for text in marked(Subject.SPINE).texts if text.kind is Kind.MEASUREMENT]


def test_without_measuring_only_the_scale_remains() -> None:
    bare, full = marked(Subject.HEAD, measured=False), marked(Subject.HEAD)
    assert {text.kind for text in bare.texts} == {Kind.SETTING}
    assert len(bare.layers) < len(full.layers)


def test_the_label_stands_in_the_lower_right_of_the_picture() -> None:
    spec = Spec(invent_person(2), width=640, height=480)
    pen = Pen((640, 480), np.ones((480, 640), np.bool_), 0)
    label_picture(pen, spec, "PROFILE")
    left, top, width, height = picture_box(spec)
    x, y, w, h = pen.texts[0].box
    assert left + width / 2 < x
    assert x + w <= left + width + 1
    assert top + height / 2 < y
    assert y + h <= top + height
