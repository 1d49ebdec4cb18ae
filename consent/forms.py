"""The desk's forms about consent."""

from django import forms

from consent.models import Purpose
from consent.states import GrantState, WithdrawalChannel

_NOT_AT_THE_DESK = {WithdrawalChannel.LINK, WithdrawalChannel.CORRECTION}
CHANNELS = [choice for choice in WithdrawalChannel.choices if choice[0] not in _NOT_AT_THE_DESK]
"""How a withdrawal reaches the desk; the patient's own page needs no staff."""


class LedgerFilter(forms.Form):
    """Narrows the ledger; the patient is named by the portal's own key and never by name or record number."""

    purpose = forms.ModelChoiceField(Purpose.objects.all(), required=False, empty_label="Every purpose")
    state = forms.ChoiceField(choices=[("", "Every state"), *GrantState.choices], required=False)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)


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
