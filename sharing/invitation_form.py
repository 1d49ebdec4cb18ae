"""What staff fill in to have somebody decide or sign from afar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from consent.ages import end_of
from consent.answers import NamedRecipient
from consent.capacity import OpenBasis
from consent.models import Purpose, Recipient
from consent.states import Assent
from sharing.briefs import Brief
from sharing.card_form import DAY_INPUT
from sharing.models.invitation import LONGEST, USUAL
from sharing.right_fields import claim_from, fields_for
from sharing.states import SecondSecret
from sharing.way_fields import check_the_way, contact_field, second_secret_field, way_of
from ultrasound_portal.clinics.models import User
from ultrasound_portal.languages import ENGLISH, NAMES


class TermsForm(forms.Form):
    """Until when, and what opens the door: all that is asked where somebody is invited for a missing name."""

    until = forms.DateField(label="It can be answered until the end of", widget=DAY_INPUT)
    second_secret = second_secret_field()
    contact = contact_field()

    def __init__(self, data: Any, *, language: str = "") -> None:  # data: QueryDict or None, as Django's own Form
        first = {
            "language": language or ENGLISH,
            "until": timezone.localdate(timezone.now() + USUAL),
            "second_secret": SecondSecret.CARD.value,
        }
        super().__init__(data, initial=first)

    def clean_until(self) -> date:
        """Refuse a day before today or too far off."""
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() <= until <= timezone.localdate() + LONGEST - timedelta(days=1):
            raise forms.ValidationError(f"Choose a day from today on, within {LONGEST.days} days.")
        return until

    def clean(self) -> dict[str, Any]:
        """Ask for a contact where codes are sent."""
        cleaned: dict[str, Any] = super().clean() or {}
        check_the_way(self, cleaned)
        return cleaned

    @property
    def sends_codes(self) -> bool:
        """Whether codes can be sent at all."""
        return len(list(self["second_secret"])) > 1

    def opened_by(self) -> SecondSecret:
        """Return what opens the door beside its address."""
        return way_of(self.cleaned_data)

    def address(self) -> str:
        """Return where codes go; empty for a card."""
        return "" if self.opened_by() is SecondSecret.CARD else str(self.cleaned_data["contact"])

    def not_after(self) -> datetime:
        """Return the moment at which the invitation ends: the end of the day."""
        return end_of(self.cleaned_data["until"])


class InvitationForm(TermsForm):
    """What to ask a patient from afar, in which language and until when; who gets the pictures where that is needed."""

    ask = forms.MultipleChoiceField(
        label="What do you ask about?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one question."},
    )
    language = forms.ChoiceField(label="Which language do they read?", choices=list(NAMES.items()))

    def __init__(
        self, data: Any, *, asked: OpenBasis, asks_born: bool, purposes: Sequence[Purpose], language: str
    ) -> None:
        super().__init__(data, language=language)
        self._basis = asked.basis
        self._right = _right_fields(asked, asks_born=asks_born)
        self.fields |= self._right
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
    def right_fields(self) -> list[forms.BoundField]:
        """What staff have to know and see before this basis is invited."""
        return [self[name] for name in self._right]

    @property
    def recipient_fields(self) -> list[forms.BoundField]:
        """The fields for who gets the pictures."""
        return [self[name] for name in self.fields if name.startswith(("recipient_", "verified_"))]

    def clean(self) -> dict[str, Any]:
        """Ask for who gets the pictures where a chosen purpose needs it."""
        cleaned = super().clean()
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

    def brief(self, by: User) -> Brief:
        """Return what staff told: who gets the pictures, by what right is decided, and where codes go."""
        said = self.cleaned_data
        lacks = Assent.NOT_POSSIBLE if said.get("assent_note", "").strip() else Assent.NOT_ASKED
        claim = claim_from({**said, "assent": lacks}, self._basis, by)
        return Brief(recipients=self.recipients(), claim=claim, contact=self.address())


def _right_fields(asked: OpenBasis, *, asks_born: bool) -> dict[str, forms.Field]:
    """Return what staff fill in; the patient's own agreement is given on her own page, unless she cannot say."""
    fields = fields_for(asked, asks_born=asks_born)
    return {name: field for name, field in fields.items() if name not in {"assent", "assent_name"}}
