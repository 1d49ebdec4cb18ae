"""What an administrator calls unusual."""

from datetime import time

from django import forms

DAYS, OPENS, CLOSES, MORE_THAN, AT_LEAST = 30, time(7), time(20), 100, 3


class UsageForm(forms.Form):
    """The limits of the reports of use; each has a usual value."""

    days = forms.IntegerField(label="Days back", min_value=1, max_value=400, initial=DAYS)
    opens = forms.TimeField(label="The clinic opens", initial=OPENS, widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label="It closes", initial=CLOSES, widget=forms.TimeInput(attrs={"type": "time"}))
    more_than = forms.IntegerField(
        label="Pictures in one hour, more than", min_value=1, max_value=100_000, initial=MORE_THAN
    )
    at_least = forms.IntegerField(label="Closed doors, at least", min_value=1, max_value=1000, initial=AT_LEAST)
