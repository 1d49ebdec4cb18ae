"""The forms of the handbook."""

from django import forms

from ultrasound_portal.handbook.models import Chapter
from ultrasound_portal.handbook.services import LONGEST


class ChapterForm(forms.Form):
    """The next edition of a chapter."""

    chapter = forms.ChoiceField(label="Chapter", choices=Chapter.choices)
    text = forms.CharField(
        label="What it says",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Plain text; an empty line begins a paragraph. Everybody is asked to read the new edition.",
        error_messages={"required": "Write what the chapter says."},
    )


class DemandForm(forms.Form):
    """The switch."""

    reading = forms.BooleanField(label="Only those who have read every chapter may make links", required=False)
