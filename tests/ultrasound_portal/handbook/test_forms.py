"""The forms of the handbook."""

from ultrasound_portal.handbook.forms import ChapterForm, DemandForm


def test_a_chapter_and_its_text() -> None:
    assert ChapterForm({"chapter": "consent", "text": "Ask first."}).is_valid()
    assert set(ChapterForm({"chapter": "cooking", "text": " "}).errors) == {"chapter", "text"}


def test_the_switch_is_off_where_nothing_is_sent() -> None:
    form = DemandForm({})
    assert form.is_valid()
    assert form.cleaned_data == {"reading": False}
