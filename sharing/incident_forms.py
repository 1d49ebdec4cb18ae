"""The forms of incidents: what happened and when the clinic learnt of it, and what was decided."""

from datetime import datetime

from django import forms
from django.utils import timezone

from sharing.services.incidents import LONGEST
from sharing.states import IncidentKind, IncidentOutcome

MOMENT = "%Y-%m-%dT%H:%M"


class IncidentForm(forms.Form):
    """Opens an incident about one study."""

    kind = forms.ChoiceField(
        label="What went wrong",
        choices=IncidentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what comes nearest."},
    )
    known_at = forms.DateTimeField(
        label="When the clinic learnt of it",
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text="The time in which the law wants to hear of a breach is counted from this moment.",
        error_messages={"invalid": "Write day and time, such as 2026-03-01T14:30."},
    )
    account = forms.CharField(
        label="What happened",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A sentence or two: where the picture was seen, by whom, what it shows. It is kept sealed.",
        error_messages={"required": "Write in a sentence or two what happened."},
    )
    sure = forms.BooleanField(
        label="Close every link of this study now and let its consents rest",
        error_messages={"required": "An incident stops the sharing of the study. Tick this to go on."},
    )

    def clean_known_at(self) -> datetime:
        """Refuse a moment that lies ahead."""
        known: datetime = self.cleaned_data["known_at"]
        if known > timezone.now():
            raise forms.ValidationError("This moment lies ahead. Choose when the clinic learnt of it.")
        return known


class OutcomeForm(forms.Form):
    """Closes an incident."""

    outcome = forms.ChoiceField(
        label="What was decided",
        choices=[choice for choice in IncidentOutcome.choices if choice[0]],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what was decided."},
    )
