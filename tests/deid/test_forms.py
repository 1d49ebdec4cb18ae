"""The forms of the review and of the policy."""

import pytest
from django.forms import Form

from deid.engine.geometry import Box, Why
from deid.forms import CoverForm, CoverFormSet, PolicyForm, RejectForm, ReleaseForm, SexMarkForm

NUMBERS = {"x": "1", "y": "2", "w": "30", "h": "4"}


def test_a_cover_without_frames_lies_on_all_of_them() -> None:
    form = CoverForm(NUMBERS)
    assert form.is_valid()
    assert form.box(12) == Box(1, 2, 30, 4, 0, 11, Why.MANUAL)


def test_frames_are_counted_from_one() -> None:
    form = CoverForm({**NUMBERS, "first": "3", "last": "5"})
    assert form.is_valid()
    assert (form.box(12).first_frame, form.box(12).last_frame) == (2, 4)


@pytest.mark.parametrize(
    "wrong", [{"x": "-1"}, {"w": "0"}, {"h": ""}, {"first": "0"}, {"first": "4", "last": "2"}, {"y": "a"}]
)
def test_impossible_numbers_are_refused(wrong: dict[str, str]) -> None:
    assert not CoverForm({**NUMBERS, **wrong}).is_valid()


def test_empty_rows_of_the_set_are_passed_over() -> None:
    sent = {"cover-TOTAL_FORMS": "2", "cover-INITIAL_FORMS": "0"}
    sent |= {f"cover-1-{name}": value for name, value in NUMBERS.items()}
    forms = CoverFormSet(sent, prefix="cover")
    assert forms.is_valid()
    assert [form.has_changed() for form in forms] == [False, True]


def test_the_sentence_is_not_ticked_by_itself() -> None:
    form = ReleaseForm({})
    assert form.is_valid()
    assert form.cleaned_data["confirmed"] is False
    assert form.cleaned_data["sex_wanted"] is False


@pytest.mark.parametrize(("form", "reason"), [(RejectForm, "identifies"), (SexMarkForm, "misread")])
def test_a_reason_comes_from_the_list(form: type[Form], reason: str) -> None:
    assert form({"reason": reason}).is_valid()
    assert not form({"reason": "Anna Testwoman"}).is_valid()


def test_words_are_taken_by_line_once_each_with_spaces_put_right() -> None:
    form = PolicyForm({"text": "nothing", "also_covered": " Old   Mill \r\n\r\nold mill\nHarbour Scans\n"})
    assert form.is_valid()
    assert form.cleaned_data["also_covered"] == ["old mill", "Harbour Scans"]
    assert form.cleaned_data["also_kept"] == []
    assert form.cleaned_data["gestational_age"] is False


def test_stored_words_are_shown_one_to_a_line() -> None:
    form = PolicyForm(initial={"also_kept": ["Vmid", "Cerebellum"]})
    assert form["also_kept"].value() == "Vmid\nCerebellum"


@pytest.mark.parametrize("text", ["", "everything"])
def test_the_text_that_stays_is_one_of_the_choices(text: str) -> None:
    assert not PolicyForm({"text": text}).is_valid()
