"""What is typed in a sitting from afar: the answers of who decides, or of who signs beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.models import Grant, Wording
from consent.sealed import recipient_of
from consent.states import GrantDecision
from sharing.card_form import CHOICES, Card, CardForm
from sharing.remote_sitting import Signed


@dataclass(frozen=True, slots=True)
class SigningCard(Card):
    """A yes that waits for one more name, as the person whose name it is meets it."""

    grant: Grant


class RemoteForm(CardForm):
    """The cards as they are answered on one's own device; a name stands under a yes and under a no."""

    name = forms.CharField(
        label=_("Your name, as your signature"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name, as your signature.")},
    )

    def clean_shown(self) -> str:
        """Refuse answers to pictures or words that are not the ones in force; she looks again by herself."""
        shown: str = self.cleaned_data["shown"]
        if shown != self._shown:
            raise forms.ValidationError(
                gettext("The pictures or the words have changed since you opened this page. Please look again.")
            )
        return shown

    def signed(self) -> Signed:
        """Return what stands under the answers."""
        return Signed(self.cleaned_data["name"], self.cleaned_data["drawing"], self.copy_address())


class SigningForm(RemoteForm):
    """One question for each yes that waits for the name of who is asked: is it a yes of theirs as well?"""

    def __init__(self, data: Any, *, waiting: Sequence[Grant], shown: str, mails: bool) -> None:
        self._waiting = {grant.purpose_id: grant for grant in waiting}
        wordings = [grant.wording for grant in waiting]
        super().__init__(data, wordings=wordings, present={}, shown=shown, named={}, mails=mails)

    def cards(self) -> Sequence[Card]:
        """Return one card for each yes that waits."""
        return [
            SigningCard(grant.wording, self[f"answer_{code}"], _recipient(grant), grant)
            for code, grant in self._waiting.items()
        ]

    def _fields_of(self, wording: Wording) -> dict[str, forms.Field]:
        answer = forms.ChoiceField(label=wording.title, choices=CHOICES, widget=forms.RadioSelect, required=False)
        return {f"answer_{wording.purpose_id}": answer}

    def _check_yes(self, wording: Wording) -> None:
        """Nothing more belongs to this yes: its end, its acknowledgement and its recipient are settled."""

    def _until(self, wording: Wording, ends_at: datetime | None) -> datetime | None:
        if self._choice(wording) != GrantDecision.PERMIT:
            return None
        end = self._waiting[wording.purpose_id].valid_until
        return min(end, ends_at) if end and ends_at else end


def _recipient(grant: Grant) -> str:
    return recipient_of(grant.record.recipient) if hasattr(grant.record, "recipient") else ""
