"""Forms of the two gates: which frames were seen, which study is held back, and whether two people are asked."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from deid.states import EmbargoGround

_SPAN = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")
MOST_SPANS = 2000


class FramesField(forms.CharField):
    """Frames as a script writes them down, `1-12,15`, counted from 1."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[tuple[int, int]]:  # Any: as Django's own fields
        """Return first and last of each stretch, counted from 0."""
        parts = [part for part in super().clean(value).split(",") if part]
        spans = [_SPAN.fullmatch(part) for part in parts[:MOST_SPANS]]
        if not all(spans):
            raise forms.ValidationError("These are no frames.")
        return [(int(span[1]) - 1, int(span[2] or span[1]) - 1) for span in spans if span]

    def prepare_value(self, value: Any) -> Any:  # Any: as Django's own fields
        """Show stretches as the script writes them."""
        return written(value) if isinstance(value, list) else value


class ShownForm(forms.Form):
    """Which frames of a run stood on the screen."""

    run = forms.UUIDField()
    frames = FramesField()


class EmbargoForm(forms.Form):
    """Why a study is held back, and until when if a day is known."""

    ground = forms.ChoiceField(choices=EmbargoGround.choices, label="Why")
    until = forms.DateField(
        required=False,
        label="Until",
        help_text="Without a day, until somebody ends it.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class GateRuleForm(forms.Form):
    """Whether the clinic asks for two people."""

    second_person = forms.BooleanField(
        required=False,
        label="Somebody else has to release what one person found clean",
        help_text="Pictures for publication need two people in any case.",
    )


def written(spans: Sequence[tuple[int, int]]) -> str:
    """Return stretches of frames as a person reads them, counted from 1."""
    return ",".join(str(first + 1) if first == last else f"{first + 1}-{last + 1}" for first, last in spans)
