"""Where a patient's copy goes by e-mail, typed by her at the ceremony or afterwards."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models import ConsentDocument
from sharing.services.receipts import mail_copy


def copy_field(*, required: bool) -> forms.EmailField:
    """Return the field for the address; empty means that no e-mail is wanted."""
    return forms.EmailField(
        label=_("E-mail address for a copy"),
        max_length=254,
        required=required,
        help_text=_(
            "Only if you would like one. It holds your answers and the words, no picture and no name. The address is "
            "forgotten once the e-mail has gone."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": _("This is no e-mail address. Please check how it is written."),
            "required": _("Type the address that the copy is to go to."),
        },
    )


class CopyForm(forms.Form):
    """One address, for a copy that is asked for after the ceremony."""

    copy_to = copy_field(required=True)

    def sends(self, document: ConsentDocument, *, actor: str) -> bool:
        """Put the copy into the outbox; false, with the reason on the form, where it went out too often today."""
        if mail_copy(document, self.cleaned_data["copy_to"], actor=actor):
            return True
        self.add_error("copy_to", gettext("This copy was sent often enough for today. Please try again tomorrow."))
        return False
