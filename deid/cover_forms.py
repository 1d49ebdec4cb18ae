"""Forms of what is covered: own boxes in numbers, a cover taken away, and the edition that a person saw."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from deid.engine.geometry import Box, Why
from deid.states import LiftReason

EMPTY_ROWS = 2
MOST_COVERS = 200


@dataclass(frozen=True, slots=True)
class Sides:
    """How large a picture is, in pixels and frames."""

    columns: int
    rows: int
    frames: int


class CoverForm(forms.Form):
    """One cover in source pixels; frames are counted from 1, as a person counts."""

    x = forms.IntegerField(min_value=0, label="Left")
    y = forms.IntegerField(min_value=0, label="Top")
    w = forms.IntegerField(min_value=1, label="Width")
    h = forms.IntegerField(min_value=1, label="Height")
    first = forms.IntegerField(min_value=1, label="From frame", required=False)
    last = forms.IntegerField(min_value=1, label="To frame", required=False)

    def __init__(self, *args: Any, sides: Sides, **kwargs: Any) -> None:  # Any: as Django's own forms
        super().__init__(*args, **kwargs)
        self.sides = sides
        if sides.frames == 1:
            del self.fields["first"], self.fields["last"]

    def clean(self) -> dict[str, Any]:  # Any: as Django's own forms
        """Refuse a range of frames that runs backwards, and what lies outside the picture."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first") or 1, cleaned.get("last") or self.sides.frames
        if first > last:
            raise forms.ValidationError("The first frame comes after the last. Swap them.")
        if last > self.sides.frames:
            raise forms.ValidationError(f"It lives outside the picture, which has {self.sides.frames} frames.")
        across, down = (cleaned.get(one, 0) + cleaned.get(two, 0) for one, two in ("xw", "yh"))
        if across > self.sides.columns:
            raise forms.ValidationError(f"It reaches outside the picture, which is {self.sides.columns} pixels wide.")
        if down > self.sides.rows:
            raise forms.ValidationError(f"It reaches outside the picture, which is {self.sides.rows} pixels high.")
        return cleaned

    def box(self) -> Box:
        """Return the cover; without frames it lies on all of them."""
        values = self.cleaned_data
        return Box(
            x=values["x"],
            y=values["y"],
            w=values["w"],
            h=values["h"],
            first_frame=(values.get("first") or 1) - 1,
            last_frame=(values.get("last") or self.sides.frames) - 1,
            why=Why.MANUAL,
        )


class CoverForms(forms.BaseFormSet):  # type: ignore[type-arg]  # it takes no parameter when it runs
    """All covers of a picture, one row each."""

    def add_fields(self, form: CoverForm, index: int | None) -> None:
        """Call what takes a row away by its word."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove"

    def boxes(self) -> list[Box]:
        """Return the covers of every row that is filled in and not to be removed."""
        return [form.box() for form in self.forms if form not in self.deleted_forms and form.cleaned_data.get("w")]


CoverFormSet = forms.formset_factory(
    CoverForm, formset=CoverForms, extra=EMPTY_ROWS, max_num=MOST_COVERS, validate_max=True, can_delete=True
)


def covers_of(boxes: Iterable[Box], sides: Sides, data: Any = None) -> CoverForms:  # Any: as Django's own forms
    """Return the rows of these covers and a few empty ones, or what was sent instead."""
    initial = [
        {"x": box.x, "y": box.y, "w": box.w, "h": box.h, "first": box.first_frame + 1, "last": box.last_frame + 1}
        for box in boxes
    ]
    made: Any = CoverFormSet(data, initial=initial, prefix="cover", form_kwargs={"sides": sides})
    return cast(CoverForms, made)


class EditionForm(forms.Form):
    """Which edition of the covers was on the page."""

    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class LiftForm(EditionForm):
    """Which cover of the engine is taken away, by its place in the run's list, and why."""

    run = forms.UUIDField(widget=forms.HiddenInput)
    box = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.ChoiceField(choices=LiftReason.choices, label="What it hides")


class RestoreForm(EditionForm):
    """Which place that was left open is covered again, by its place in the list."""

    number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
