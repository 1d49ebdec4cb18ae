"""The form that says whose plain pictures these are."""

from datetime import date

from django import forms
from django.utils import timezone

from ultrasound_portal.patients.services import Identity

_NOT_IN_NAMES = "^=\\"


class _NameField(forms.CharField):
    """A part of a person's name, without the signs that part DICOM names (PS3.5 section 6.2)."""

    def clean(self, value: object) -> str:
        text = str(super().clean(value))
        if any(sign in text for sign in _NOT_IN_NAMES):
            raise forms.ValidationError("These signs are in no name.")
        return text


class PatientForm(forms.Form):
    """Who the patient is, as her record has it."""

    family_name = _NameField(max_length=60, label="Family name")
    given_name = _NameField(max_length=60, label="Given name")
    record_number = forms.CharField(max_length=60, label="Record number")
    birth_date = forms.DateField(
        required=False, label="Date of birth", widget=forms.DateInput(attrs={"type": "date"}), help_text="If known."
    )

    def clean_birth_date(self) -> date | None:
        """Refuse a day to come."""
        day: date | None = self.cleaned_data["birth_date"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError("This day is to come.")
        return day

    def identity(self) -> Identity:
        """Return what was filled in, as a file would name the patient."""
        said = self.cleaned_data
        day = said["birth_date"]
        return Identity(
            name=f"{said['family_name']}^{said['given_name']}",
            record_number=said["record_number"],
            birth_date=day.strftime("%Y%m%d") if day else "",
        )
