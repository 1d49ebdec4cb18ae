"""The desk's forms about consent."""

from collections.abc import Sequence
from typing import Any

from django import forms

from consent.models import Purpose
from consent.states import Basis, GrantState, SignerRole, SigningMethod, SuspensionCause, WithdrawalChannel
from ultrasound_portal.clinics.models import Clinic, User

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_NOT_AT_THE_DESK = {WithdrawalChannel.LINK, WithdrawalChannel.CORRECTION}
CHANNELS = [choice for choice in WithdrawalChannel.choices if choice[0] not in _NOT_AT_THE_DESK]
"""How a withdrawal reaches the desk; the patient's own page needs no staff."""


class StaffField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django takes no argument here at run time
    """A choice of people, by the names they work under."""

    def label_from_instance(self, obj: User) -> str:
        """The person's own name."""
        return obj.display_name


class LedgerFilter(forms.Form):
    """Narrows the ledger; the patient is named by the portal's own key and never by name or record number."""

    purpose = forms.ModelChoiceField(Purpose.objects.all(), required=False, empty_label="Every purpose")
    state = forms.ChoiceField(choices=[("", "Every state"), *GrantState.choices], required=False)
    basis = forms.ChoiceField(label="Decided by", choices=[("", "Anybody"), *Basis.choices], required=False)
    version = forms.IntegerField(label="Wording version", required=False, min_value=1, max_value=9999)
    who = StaffField(User.objects.none(), label="Recorded by", required=False, empty_label="Anybody")
    since = forms.DateField(label="Answered from", required=False, widget=_DAY)
    until = forms.DateField(label="Answered until", required=False, widget=_DAY)
    report = forms.ChoiceField(
        choices=[("", ""), ("expiring", ""), ("copies_out", ""), ("blocked", "")],
        required=False,
        widget=forms.HiddenInput,
    )
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, clinic: Clinic | None = None) -> None:  # data: QueryDict or None, as in Django
        super().__init__(data)
        who = self.fields["who"]
        assert isinstance(who, forms.ModelChoiceField)
        if clinic is not None:
            who.queryset = User.objects.filter(memberships__clinic=clinic).order_by("display_name")


class FindForm(forms.Form):
    """Finds one patient by everything the clinic knows her by; names are sealed, so part of one finds nothing."""

    name = forms.CharField(label="Name, as the study gives it", max_length=200)
    record_number = forms.CharField(label="Record number", max_length=64, required=False)
    birth_date = forms.DateField(label="Date of birth", required=False, widget=_DAY)


class WithdrawalForm(forms.Form):
    """What staff note when a patient takes back a consent."""

    channel = forms.ChoiceField(label="How did the patient tell you?", choices=CHANNELS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        help_text="Only if the patient wants to give one. Nobody has to.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignatureForm(forms.Form):
    """One missing name under an answer that waits."""

    role = forms.ChoiceField(label="Whose name is it?", widget=forms.RadioSelect)
    name = forms.CharField(
        label="Name, as a signature",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "A signature needs a name."},
    )
    method = forms.ChoiceField(
        label="How was it given?",
        choices=[choice for choice in SigningMethod.choices if choice[0] in {SigningMethod.TYPED, SigningMethod.PAPER}],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, roles: Sequence[SignerRole]) -> None:  # data: QueryDict or None, as in Django
        super().__init__(data)
        choice = self.fields["role"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(role.value, role.label) for role in roles]


class SuspensionForm(forms.Form):
    """Why a yes is to rest, and at whose word."""

    cause = forms.ChoiceField(
        label="What has happened?",
        choices=[
            choice for choice in SuspensionCause.choices if choice[0] in {SuspensionCause.FAMILY, SuspensionCause.DOUBT}
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Who asked, and what was said",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    """Why an answer should never have been recorded."""

    reason = forms.CharField(
        label="What went wrong",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write down in a sentence what went wrong."},
    )


class StandingForm(forms.Form):
    """That a patient has died, or can no longer decide for herself."""

    what = forms.ChoiceField(
        label="What is to be noted?",
        choices=[("died", "The patient has died"), ("unable", "The patient can no longer decide for herself")],
        widget=forms.RadioSelect,
    )
