"""Each action is passed and failed by the right output, and categories weigh 70, 20 and 10."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from benchmarks.scoring import CATEGORY, WEIGHTS, Action, Check, Delivered, Result, consistent, judged, score

INK = np.zeros((4, 4), np.bool_)
INK[1, 1:3] = True


def delivered(**values: object) -> Delivered:
    header = Dataset()
    for keyword, value in values.items():
        setattr(header, keyword, value)
    source = np.zeros((4, 4, 3), np.uint8)
    source[INK] = 255
    shown = " ".join(str(value) for value in values.values())
    return Delivered(header, shown.encode(), source.copy(), source)


def passes(check: Check, output: Delivered | None) -> bool:
    (result,) = judged([check], output)
    return result.passed


@pytest.mark.parametrize(
    ("action", "value", "good", "bad"),
    [
        (Action.TAG_RETAINED, "", "", None),
        (Action.TEXT_NOTNULL, "", "x", ""),
        (Action.TEXT_RETAINED, "Fetal ECHO", "echo, fetal", "fetal"),
        (Action.TEXT_REMOVED, "Kestrel^Priya", "echo", "kestrel echo"),
        (Action.DATE_SHIFTED, "20260114", "20240114", "20260114"),
        (Action.UID_CHANGED, "1.2.3", "2.25.7", "1.2.3"),
    ],
    ids=lambda value: str(value) or "empty",
)
def test_a_text_is_judged(action: Action, value: str, good: str, bad: str | None) -> None:
    check = Check(action, "StudyComments", value)
    assert passes(check, delivered(StudyComments=good))
    assert not passes(check, delivered() if bad is None else delivered(StudyComments=bad))


def test_what_is_removed_must_be_out_of_the_whole_file() -> None:
    assert not passes(Check(Action.TEXT_REMOVED, "", "Kestrel"), delivered(PatientID="Kestrel"))
    assert passes(Check(Action.TEXT_REMOVED, "", "Kestrel"), delivered(PatientID="P-1"))


def test_pixels_are_judged() -> None:
    output = delivered()
    assert passes(Check(Action.PIXELS_RETAINED, "echoes", place=INK), output)
    assert not passes(Check(Action.PIXELS_HIDDEN, "name", place=INK), output)
    output.pixels[INK] = 90
    assert not passes(Check(Action.PIXELS_RETAINED, "echoes", place=INK), output)
    assert passes(Check(Action.PIXELS_HIDDEN, "name", place=INK), output)


def test_a_path_leads_through_sequences() -> None:
    item = Dataset()
    item.CodeValue = "77"
    check = Check(Action.TEXT_RETAINED, "ViewCodeSequence.CodeValue", "77")
    assert passes(check, delivered(ViewCodeSequence=[item]))
    assert not passes(check, delivered())


@pytest.mark.parametrize("action", Action)
def test_what_was_not_delivered_leaks_nothing_and_keeps_nothing(action: Action) -> None:
    kept = action not in (Action.TEXT_REMOVED, Action.DATE_SHIFTED, Action.UID_CHANGED, Action.PIXELS_HIDDEN)
    assert passes(Check(action, "StudyComments", "x"), None) is not kept


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("P-1", "P-1", True), ("P-1", "P-2", False), ("", "", False)],
)
def test_an_identifier_becomes_one_thing(first: str, second: str, expected: bool) -> None:
    check = Check(Action.PATID_CONSISTENT, "PatientID", "4711")
    results = list(consistent([(check, delivered(PatientID=first)), (check, delivered(PatientID=second))]))
    assert [result.passed for result in results] == [expected, expected]


def test_two_identifiers_become_two_things() -> None:
    checks = [Check(Action.PATID_CONSISTENT, "PatientID", value) for value in ("4711", "4712")]
    assert not any(result.passed for result in consistent((check, delivered(PatientID="P-1")) for check in checks))


def test_categories_have_their_weights() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert set(CATEGORY) == set(Action)
    perfect = [Result(action, "x", True) for action in Action]
    assert score(perfect) == 100
    assert score([*perfect, Result(Action.TEXT_RETAINED, "x", False)]) == pytest.approx(100 - 10 / 3)
    assert score([*perfect, Result(Action.TEXT_REMOVED, "x", False)]) == pytest.approx(100 - 70 / 5)
    assert score([]) == 100
