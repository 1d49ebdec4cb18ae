"""What a visitor chooses when she saves: pictures by their keys, a shape, and what becomes of films."""

from typing import Any
from uuid import UUID

from django import forms

from sharing.saving import Moving, Shape


class KeysField(forms.Field):
    """Any number of keys; the cleaned value is a set of UUIDs."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> frozenset[UUID]:  # Any: what a browser sent
        """Read every key. Raises ValidationError for anything else."""
        try:
            return frozenset(UUID(one) for one in value or ())
        except ValueError:
            raise forms.ValidationError("not a key") from None


class SavingForm(forms.Form):
    """Which pictures a visitor saves, and in which format; without an answer all, as they are."""

    shape = forms.ChoiceField(choices=[(one.value, one.value) for one in Shape], required=False)
    moving = forms.ChoiceField(choices=[(one.value, one.value) for one in Moving], required=False)
    picture = KeysField(required=False)
