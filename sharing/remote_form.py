"""What is typed around a sitting from afar: staff ask, and the patient answers on her own device."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.ages import end_of
from consent.answers import NamedRecipient
from consent.models import Purpose, Recipient
from sharing.card_form import DAY_INPUT, CardForm
from sharing.models.invitation import LONGEST, USUAL
from ultrasound_portal.languages import ENGLISH, NAMES


class RemoteForm(CardForm):
    """The cards as the patient answers them herself; her name stands under a yes and under a no."""

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


class InvitationForm(forms.Form):
    """What to ask a patient from afar, in which language and until when; who gets the pictures where that is needed."""

    ask = forms.MultipleChoiceField(
        label="What do you ask about?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one question."},
    )
    language = forms.ChoiceField(label="Which language does she read?", choices=list(NAMES.items()))
    until = forms.DateField(label="She can answer until the end of", widget=DAY_INPUT)

    def __init__(self, data: Any, *, purposes: Sequence[Purpose], language: str) -> None:
        super().__init__(
            data, initial={"language": language or ENGLISH, "until": timezone.localdate(timezone.now() + USUAL)}
        )
        self._purposes = purposes
        choices = self.fields["ask"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(purpose.pk, purpose.name) for purpose in purposes]
        for purpose in purposes:
            if purpose.needs_recipient:
                self.fields[f"recipient_{purpose.pk}"] = forms.CharField(
                    label=f"{purpose.name}: who gets the pictures, by name",
                    max_length=200,
                    required=False,
                    help_text="The clinician, or the title of the journal, book or talk.",
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )
                self.fields[f"verified_{purpose.pk}"] = forms.ChoiceField(
                    label=f"{purpose.name}: how you made sure of it",
                    choices=[("", "Choose"), *Recipient.VERIFICATIONS],
                    required=False,
                )

    @property
    def recipient_fields(self) -> list[forms.BoundField]:
        """The fields for who gets the pictures."""
        return [self[name] for name in self.fields if name.startswith(("recipient_", "verified_"))]

    def clean_until(self) -> date:
        """Refuse a day before today or too far off."""
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() <= until <= timezone.localdate() + LONGEST - timedelta(days=1):
            raise forms.ValidationError(f"Choose a day from today on, within {LONGEST.days} days.")
        return until

    def clean(self) -> dict[str, Any]:
        """Ask for who gets the pictures where a chosen purpose needs it."""
        cleaned: dict[str, Any] = super().clean() or {}
        for purpose in self.chosen():
            for name in (f"recipient_{purpose.pk}", f"verified_{purpose.pk}"):
                if name in self.fields and not cleaned.get(name, "").strip():
                    self.add_error(name, "This question needs it.")
        return cleaned

    def chosen(self) -> list[Purpose]:
        """Return the purposes that are asked about."""
        wanted = set(self.cleaned_data.get("ask", []))
        return [purpose for purpose in self._purposes if purpose.pk in wanted]

    def recipients(self) -> dict[str, NamedRecipient]:
        """Return who gets the pictures, by purpose."""
        return {
            purpose.pk: NamedRecipient(
                self.cleaned_data[f"recipient_{purpose.pk}"], self.cleaned_data[f"verified_{purpose.pk}"]
            )
            for purpose in self.chosen()
            if purpose.needs_recipient
        }

    def not_after(self) -> datetime:
        """Return the moment at which the invitation ends: the end of the day."""
        return end_of(self.cleaned_data["until"])
