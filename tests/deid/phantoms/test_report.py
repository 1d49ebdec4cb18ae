"""The page of text."""

import numpy as np

from deid.phantoms.ink import Pen
from deid.phantoms.person import invent_person
from deid.phantoms.report import print_report
from deid.phantoms.spec import Kind, Spec, Subject


def test_a_report_is_full_of_text_and_names_the_patient() -> None:
    spec = Spec(invent_person(5), subject=Subject.REPORT, width=640, height=480)
    pen = Pen((640, 480), np.zeros((480, 640), np.bool_), 0)
    print_report(pen, spec)
    assert len(pen.texts) > 40
    assert {Kind.NAME, Kind.ID, Kind.BIRTH_DATE, Kind.DATE, Kind.HOSPITAL} <= {text.kind for text in pen.texts}
    assert not any(text.inside for text in pen.texts)
