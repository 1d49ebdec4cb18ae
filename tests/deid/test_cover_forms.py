"""Covers in numbers: what cannot be is refused in the row where it stands."""

import pytest

from deid.cover_forms import CoverForm, LiftForm, Sides, covers_of
from deid.engine.geometry import Box, Why

NUMBERS = {"x": "1", "y": "2", "w": "30", "h": "4"}
FILM = Sides(columns=80, rows=60, frames=12)
STILL = Sides(columns=80, rows=60, frames=1)


def rows(*boxes: dict[str, str], known: int = 0) -> dict[str, str]:
    sent = {"cover-TOTAL_FORMS": str(len(boxes)), "cover-INITIAL_FORMS": str(known)}
    return sent | {f"cover-{place}-{key}": value for place, box in enumerate(boxes) for key, value in box.items()}


def test_a_cover_without_frames_lies_on_all_of_them() -> None:
    form = CoverForm(NUMBERS, sides=FILM)
    assert form.is_valid()
    assert form.box() == Box(1, 2, 30, 4, 0, 11, Why.MANUAL)


def test_frames_are_counted_from_one() -> None:
    form = CoverForm({**NUMBERS, "first": "3", "last": "5"}, sides=FILM)
    assert form.is_valid()
    assert (form.box().first_frame, form.box().last_frame) == (2, 4)


def test_a_still_picture_asks_for_no_frames() -> None:
    form = CoverForm(NUMBERS, sides=STILL)
    assert set(form.fields) == {"x", "y", "w", "h"}
    assert form.is_valid()
    assert (form.box().first_frame, form.box().last_frame) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"x": "-1"}, "greater than or equal to 0"),
        ({"w": "0"}, "greater than or equal to 1"),
        ({"h": ""}, "required"),
        ({"y": "a"}, "whole number"),
        ({"first": "0"}, "greater than or equal to 1"),
        ({"first": "4", "last": "2"}, "Swap them"),
        ({"last": "13"}, "which has 12 frames"),
        ({"w": "80"}, "80 pixels wide"),
        ({"y": "57"}, "60 pixels high"),
    ],
)
def test_impossible_numbers_are_refused_with_a_reason(wrong: dict[str, str], told: str) -> None:
    form = CoverForm({**NUMBERS, **wrong}, sides=FILM)
    assert not form.is_valid()
    assert told in str(form.errors)


def test_rows_that_are_empty_or_removed_are_passed_over() -> None:
    other = {**NUMBERS, "x": "9"}
    forms = covers_of((), FILM, rows({**NUMBERS, "DELETE": "on"}, other, {}, known=2))
    assert forms.is_valid()
    assert forms.boxes() == [Box(9, 2, 30, 4, 0, 11, Why.MANUAL)]


def test_a_known_row_that_is_emptied_is_asked_about() -> None:
    assert not covers_of((), FILM, rows({}, known=1)).is_valid()


def test_covers_stand_in_their_rows_with_two_empty_ones() -> None:
    forms = covers_of([Box(1, 2, 3, 4, 0, 11, Why.MANUAL)], FILM)
    assert forms.forms[0].initial == {"x": 1, "y": 2, "w": 3, "h": 4, "first": 1, "last": 12}
    assert len(forms.forms) == 3


def test_a_cover_is_taken_away_only_for_a_reason_of_the_list() -> None:
    sent = {"edition": "0", "box": "1", "run": "8f4c2f0e-0000-4000-8000-000000000000"}
    assert LiftForm({**sent, "reason": "measurement"}).is_valid()
    assert not LiftForm({**sent, "reason": "her name is Anna"}).is_valid()
