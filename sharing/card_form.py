"""The cards of a sitting: one per purpose that is asked about, with its question, its last day and its own tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.ages import end_of
from consent.answers import NamedRecipient
from consent.drawing import drawing_from
from consent.models import Recipient, Wording
from consent.states import GrantDecision
from sharing.copy_form import copy_field
from sharing.services.sitting import Answer, OnRecord

LATER = "later"
CHOICES = [*GrantDecision.choices, (LATER, _("Decide later"))]
DAY_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


@dataclass(frozen=True, slots=True)
class Card:
    """One question: its wording and the bound answer; `named` gets the pictures where that is settled before it."""

    wording: Wording
    answer: forms.BoundField
    named: str


@dataclass(frozen=True, slots=True)
class PurposeCard(Card):
    """One purpose as the patient meets it: the present answer, and the other bound fields of the card."""

    present: OnRecord | None
    until: forms.BoundField
    permanence: forms.BoundField | None
    recipient: forms.BoundField | None
    verified: forms.BoundField | None


class CardForm(forms.Form):
    """One card per purpose that is asked about; nothing is ticked before the patient speaks.

    `named` holds who gets the pictures, by purpose, where that is settled; it is None where it is typed on the card.
    `mails`: the copy can go by e-mail.
    """

    name = forms.CharField(
        label=_("The patient’s name, as a signature"),
        max_length=200,
        required=False,
        help_text=_("Typed by who decides. If the answers are spoken, you type the name that you are told."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    drawing = forms.CharField(widget=forms.HiddenInput, required=False)
    copy_to = copy_field(required=False)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: Any,  # QueryDict or None, as Django's own Form takes it
        *,
        wordings: Sequence[Wording],
        present: dict[str, OnRecord],
        shown: str,
        named: Mapping[str, NamedRecipient] | None = None,
        mails: bool = False,
    ) -> None:
        super().__init__(data, initial={"shown": shown})
        if not mails:
            del self.fields["copy_to"]
        self._wordings = wordings
        self._present = present
        self._shown = shown
        self._named = named
        for wording in wordings:
            self.fields |= self._fields_of(wording)

    def _fields_of(self, wording: Wording) -> dict[str, forms.Field]:
        code, purpose, now = wording.purpose_id, wording.purpose, timezone.now()
        last = date_format(timezone.localdate(purpose.last_end(now)))
        fields: dict[str, forms.Field] = {
            f"answer_{code}": forms.ChoiceField(
                label=wording.title, choices=CHOICES, widget=forms.RadioSelect, required=False
            ),
            f"until_{code}": forms.DateField(
                label=gettext("The yes ends on"),
                initial=timezone.localdate(purpose.usual_end(now)),
                widget=DAY_INPUT,
                required=False,
                help_text=gettext("At most until %(day)s.") % {"day": last},
            ),
        }
        if purpose.permanence_required:
            fields[f"permanence_{code}"] = forms.BooleanField(
                label=gettext("I understand that what is posted on the internet can stay there for good."),
                required=False,
            )
        if purpose.needs_recipient and self._named is None:
            fields[f"recipient_{code}"] = forms.CharField(
                label=gettext("Who gets the pictures, by name"),
                max_length=200,
                required=False,
                help_text=gettext("The clinician, or the title of the journal, book or talk. Write it before you ask."),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            fields[f"verified_{code}"] = forms.ChoiceField(
                label=gettext("How you made sure of it"),
                choices=[("", gettext("Choose")), *Recipient.VERIFICATIONS],
                required=False,
            )
        return fields

    def cards(self) -> Sequence[Card]:
        """Return the cards in the order in which the purposes are offered."""
        return [
            PurposeCard(
                wording=wording,
                present=self._present.get(wording.purpose_id),
                answer=self[f"answer_{wording.purpose_id}"],
                until=self[f"until_{wording.purpose_id}"],
                permanence=self._bound(f"permanence_{wording.purpose_id}"),
                recipient=self._bound(f"recipient_{wording.purpose_id}"),
                verified=self._bound(f"verified_{wording.purpose_id}"),
                named=settled.name if (settled := self._settled(wording)) else "",
            )
            for wording in self._wordings
        ]

    def _bound(self, name: str) -> forms.BoundField | None:
        return self[name] if name in self.fields else None

    def _settled(self, wording: Wording) -> NamedRecipient | None:
        return (self._named or {}).get(wording.purpose_id)

    @property
    def mailed(self) -> forms.BoundField | None:
        """The field for the address of a copy by e-mail, where e-mails are sent."""
        return self._bound("copy_to")

    def copy_address(self) -> str:
        """Return where the copy is to go by e-mail; empty where nobody asked for that."""
        return str(self.cleaned_data.get("copy_to", ""))

    def permits(self) -> bool:
        """Whether there is a yes among the answers."""
        return any(self._choice(wording) == GrantDecision.PERMIT for wording in self._wordings)

    def answers(self, ends_at: datetime | None = None) -> list[Answer]:
        """Return what is to be recorded: every yes and no; what is decided later leaves no trace.

        `ends_at` is the moment at which the right to say yes ends by itself; no yes lasts longer.
        """
        return [
            Answer(
                purpose=wording.purpose,
                wording=wording,
                decision=GrantDecision(self.cleaned_data[f"answer_{wording.purpose_id}"]),
                permanence_acknowledged=self.cleaned_data.get(f"permanence_{wording.purpose_id}", False),
                valid_until=self._until(wording, ends_at),
                recipient=self._recipient(wording),
            )
            for wording in self._wordings
            if self._choice(wording) in GrantDecision.values
        ]

    def later(self) -> list[Wording]:
        """Return the wordings that are to be decided another time."""
        return [wording for wording in self._wordings if self._choice(wording) not in GrantDecision.values]

    def clean_shown(self) -> str:
        """Refuse answers to pictures or words that are no longer the ones on the page."""
        shown: str = self.cleaned_data["shown"]
        if shown != self._shown:
            raise forms.ValidationError(
                gettext(
                    "The pictures or the words have changed since this page was opened. Look at them together again."
                )
            )
        return shown

    def clean_drawing(self) -> bytes:
        """Take the strokes of a signature that was drawn; nothing where there are none."""
        try:
            return drawing_from(self.cleaned_data["drawing"])
        except ValueError as fault:
            raise forms.ValidationError(
                gettext("The drawing could not be read. Draw it again, or leave it out.")
            ) from fault

    def clean(self) -> dict[str, Any]:
        """Check what belongs together; consent's own rules are asked again when the answers are recorded."""
        cleaned: dict[str, Any] = super().clean() or {}
        if all(self._choice(wording) not in GrantDecision.values for wording in self._wordings):
            self.add_error(None, gettext("Choose yes or no for at least one purpose, or leave this page."))
        for wording in self._wordings:
            if self._choice(wording) == GrantDecision.PERMIT:
                self._check_yes(wording)
        return cleaned

    def _check_yes(self, wording: Wording) -> None:
        code, purpose = wording.purpose_id, wording.purpose
        until = self.cleaned_data.get(f"until_{code}")
        if until is None and f"until_{code}" not in self.errors:
            self.add_error(f"until_{code}", gettext("A yes needs a day on which it ends."))
        if until is not None and not timezone.localdate() < until <= timezone.localdate(
            purpose.last_end(timezone.now())
        ):
            self.add_error(f"until_{code}", gettext("Choose a day after today, and not later than the day named here."))
        if purpose.permanence_required and not self.cleaned_data.get(f"permanence_{code}"):
            self.add_error(f"permanence_{code}", gettext("A yes to this needs the tick. A no does not."))
        if f"recipient_{code}" in self.fields:
            for name, fault in (
                ("recipient", gettext("A yes to this needs a name.")),
                ("verified", gettext("Say how you made sure.")),
            ):
                if not self.cleaned_data.get(f"{name}_{code}", "").strip():
                    self.add_error(f"{name}_{code}", fault)

    def _choice(self, wording: Wording) -> str:
        return str(self.cleaned_data.get(f"answer_{wording.purpose_id}", ""))

    def _until(self, wording: Wording, ends_at: datetime | None) -> datetime | None:
        if self._choice(wording) != GrantDecision.PERMIT:
            return None
        end = min(end_of(self.cleaned_data[f"until_{wording.purpose_id}"]), wording.purpose.last_end(timezone.now()))
        return end if ends_at is None else min(end, ends_at)

    def _recipient(self, wording: Wording) -> NamedRecipient | None:
        if self._named is not None:
            return self._settled(wording)
        name = self.cleaned_data.get(f"recipient_{wording.purpose_id}", "").strip()
        return NamedRecipient(name, self.cleaned_data[f"verified_{wording.purpose_id}"]) if name else None
