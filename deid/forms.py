"""Forms of the review: covers by numbers, the sentence that confirms, and a reason to reject."""

from typing import Any

from django import forms

from deid.engine.geometry import Box, Why
from deid.states import Refusal

CONFIRMATION = "I looked at every frame; no name, date or number can be read."
ROWS = 2


class CoverForm(forms.Form):
    """One cover in source pixels; frames are counted from 1, as a person counts."""

    x = forms.IntegerField(min_value=0, label="Left")
    y = forms.IntegerField(min_value=0, label="Top")
    w = forms.IntegerField(min_value=1, label="Width")
    h = forms.IntegerField(min_value=1, label="Height")
    first = forms.IntegerField(min_value=1, label="From frame", required=False)
    last = forms.IntegerField(min_value=1, label="To frame", required=False)

    def clean(self) -> dict[str, Any]:  # Any: as Django's own forms
        """Refuse a range of frames that runs backwards."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and first > last:
            raise forms.ValidationError("The first frame comes after the last. Swap them.")
        return cleaned

    def box(self, frames: int) -> Box:
        """Return the cover; without frames it lies on all of them."""
        values = self.cleaned_data
        return Box(
            x=values["x"],
            y=values["y"],
            w=values["w"],
            h=values["h"],
            first_frame=(values["first"] or 1) - 1,
            last_frame=(values["last"] or frames) - 1,
            why=Why.MANUAL,
        )


CoverFormSet = forms.formset_factory(CoverForm, extra=ROWS, min_num=0, max_num=50, validate_max=True)


class ReleaseForm(forms.Form):
    """The run that was looked at, and the sentence that a clinician ticks before a held picture is released."""

    run = forms.UUIDField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=CONFIRMATION, required=False, widget=forms.CheckboxInput(attrs={"required": True})
    )


class RejectForm(forms.Form):
    """Why a picture is rejected, from a closed list."""

    reason = forms.ChoiceField(choices=Refusal.choices, label="Reason")
