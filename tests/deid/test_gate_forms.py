"""Frames as the script writes them, and the choices of the gates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.gate_forms import EmbargoForm, ShownForm, written

RUN = "8f4c2f0e-0000-4000-8000-000000000000"


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)).map(lambda span: tuple(sorted(span))), max_size=30))
def test_frames_come_back_as_they_were_written(spans: list[tuple[int, int]]) -> None:
    form = ShownForm({"run": RUN, "frames": written(spans)})
    assert form.is_valid() is bool(spans)
    assert not spans or form.cleaned_data["frames"] == spans


@pytest.mark.parametrize("text", ["", "a", "1-", "-1", "1--2", "1234567", "1;2"])
def test_what_is_no_frames_is_refused(text: str) -> None:
    assert not ShownForm({"run": RUN, "frames": text}).is_valid()


def test_a_study_is_held_back_for_a_reason_of_the_list_with_or_without_a_day() -> None:
    assert EmbargoForm({"ground": "care"}).is_valid()
    assert EmbargoForm({"ground": "care", "until": "2030-01-05"}).is_valid()
    assert not EmbargoForm({"ground": "Anna asked"}).is_valid()
    assert not EmbargoForm({"ground": "care", "until": "soon"}).is_valid()
