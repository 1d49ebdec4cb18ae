"""Where a patient wants to be told, and the code that proves that she reads what arrives there."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sharing.contacts import checked_contact
from sharing.senders.choosing import open_channels
from sharing.states import Channel


class NoticeForm(forms.Form):
    """One field takes either; what has an @ is an e-mail address. Only a way that has a sender is taken."""

    to = forms.CharField(
        label=_("Your e-mail address or mobile number"),
        max_length=254,
        help_text=_("A number with its country, such as +44 7700 900123."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write where the message should go.")},
    )

    def clean_to(self) -> str:
        """Return the address or number as it is kept; refuse what is neither, or cannot be sent to."""
        try:
            to = checked_contact(self.cleaned_data["to"], self.channel)
        except ValidationError as wrong:
            raise ValidationError(
                _("This is no e-mail address and no number with its country, such as +44 7700 900123.")
            ) from wrong
        if self.channel not in open_channels():
            raise ValidationError(_("Messages cannot be sent that way from here. Try the other one."))
        return to

    @property
    def channel(self) -> Channel:
        """The way by which a message gets there."""
        return Channel.EMAIL if "@" in self.cleaned_data["to"] else Channel.SMS


class NoticeCodeForm(forms.Form):
    """The code out of the message, and what the page that waits for it was given."""

    asked = forms.CharField(max_length=64, widget=forms.HiddenInput)
    code = forms.CharField(max_length=40)
