"""The forms of the review and of the policy."""

import pytest
from django.forms import Form

from deid.forms import PolicyForm, RejectForm, ReleaseForm, SexMarkForm


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
