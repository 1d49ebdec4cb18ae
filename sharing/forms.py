"""What staff and patients type: the answers of a sitting, a link's terms, and the two secrets at the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.ages import end_of
from consent.answers import NamedRecipient
from consent.capacity import Claim, OpenBasis
from consent.models import Grant, Recipient, Wording
from consent.states import DECIDERS, Basis, GrantDecision, SignerRole, SigningMethod
from sharing.access import Picture
from sharing.contacts import checked_contact
from sharing.models.link import LONGEST, LONGEST_VISIT, MOST_OPENINGS, USUAL, USUAL_OPENINGS
from sharing.right_fields import DECIDER_LABELS, claim_from, fields_for, names_from
from sharing.senders.choosing import open_channels
from sharing.services.sitting import Answer, OnRecord
from sharing.states import STAFF_CHECKS, Channel, SecondSecret
from sharing.tokens import LONGEST_INPUT, secret_from
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.care import CareStatus

LATER = "later"
OWN_COPY = "own_copy"
VISITS = [(15, "15 minutes"), (30, "30 minutes"), (60, "one hour"), (LONGEST_VISIT, "two hours")]
CHOICES = [*GrantDecision.choices, (LATER, _("Decide later"))]
DAY_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


@dataclass(frozen=True, slots=True)
class PurposeCard:
    """One purpose as the patient meets it: its wording, the present answer and the bound fields of the card."""

    wording: Wording
    present: OnRecord | None
    answer: forms.BoundField
    until: forms.BoundField
    permanence: forms.BoundField | None
    recipient: forms.BoundField | None
    verified: forms.BoundField | None


class SittingForm(forms.Form):
    """One card per purpose that is asked about; nothing is ticked before the patient speaks.

    `asked` is the basis that was chosen, an adult's own where none is named; its fields stand in `right_fields`.
    """

    method = forms.ChoiceField(
        label="How did the patient answer?",
        choices=[choice for choice in SigningMethod.choices if choice[0] != SigningMethod.PAPER],
        widget=forms.RadioSelect,
        error_messages={"required": "Say how the patient answered."},
    )
    name = forms.CharField(
        label=_("The patient’s name, as a signature"),
        max_length=200,
        required=False,
        help_text=_("Typed by who decides. If the answers are spoken, you type the name that you are told."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    witness = forms.CharField(
        label="Who else heard it",
        max_length=200,
        required=False,
        help_text="Needed for answers said aloud: the name of a second person, not yours.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    interpreter = forms.CharField(
        label="Who interpreted",
        max_length=200,
        required=False,
        help_text="Only if somebody did.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: Any,  # QueryDict or None, as Django's own Form takes it
        *,
        wordings: Sequence[Wording],
        present: dict[str, OnRecord],
        shown: str,
        asked: OpenBasis | None = None,
        asks_born: bool = False,
    ) -> None:
        super().__init__(data, initial={"shown": shown})
        self.basis = asked.basis if asked else Basis.ADULT
        self._right = fields_for(asked, asks_born=asks_born) if asked else {}
        self.fields |= self._right
        self.fields["name"].label = DECIDER_LABELS[self.basis]
        self._wordings = wordings
        self._present = present
        self._shown = shown
        now = timezone.now()
        for wording in wordings:
            code, purpose = wording.purpose_id, wording.purpose
            self.fields[f"answer_{code}"] = forms.ChoiceField(
                label=wording.title,
                choices=CHOICES,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"until_{code}"] = forms.DateField(
                label=gettext("The yes ends on"),
                initial=timezone.localdate(purpose.usual_end(now)),
                widget=DAY_INPUT,
                required=False,
                help_text=gettext("At most until %(day)s.")
                % {"day": date_format(timezone.localdate(purpose.last_end(now)))},
            )
            if purpose.permanence_required:
                self.fields[f"permanence_{code}"] = forms.BooleanField(
                    label=gettext("I understand that what is posted on the internet can stay there for good."),
                    required=False,
                )
            if purpose.needs_recipient:
                self.fields[f"recipient_{code}"] = forms.CharField(
                    label="Who gets the pictures, by name",
                    max_length=200,
                    required=False,
                    help_text="The clinician, or the title of the journal, book or talk. Write it before you ask.",
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )
                self.fields[f"verified_{code}"] = forms.ChoiceField(
                    label="How you made sure of it",
                    choices=[("", "Choose"), *Recipient.VERIFICATIONS],
                    required=False,
                )

    @property
    def right_fields(self) -> list[forms.BoundField]:
        """The fields that the chosen basis asks for, in order."""
        return [self[name] for name in self._right]

    def cards(self) -> list[PurposeCard]:
        """Return the cards in the order in which the purposes are offered."""
        return [
            PurposeCard(
                wording=wording,
                present=self._present.get(wording.purpose_id),
                answer=self[f"answer_{wording.purpose_id}"],
                until=self[f"until_{wording.purpose_id}"],
                permanence=self[f"permanence_{wording.purpose_id}"] if wording.purpose.permanence_required else None,
                recipient=self[f"recipient_{wording.purpose_id}"] if wording.purpose.needs_recipient else None,
                verified=self[f"verified_{wording.purpose_id}"] if wording.purpose.needs_recipient else None,
            )
            for wording in self._wordings
        ]

    def claim(self, by: User) -> Claim:
        """Return the right that who decides claims; `by` is who judged it, where somebody has to."""
        return claim_from(self.cleaned_data, self.basis, by)

    def names(self) -> dict[SignerRole, str]:
        """Return every name that was typed, by role."""
        decider = self.cleaned_data.get("name", "").strip()
        return ({DECIDERS[self.basis]: decider} if decider else {}) | names_from(self.cleaned_data)

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

    def clean(self) -> dict[str, Any]:
        """Check what belongs together; consent's own rules are asked again when the answers are recorded."""
        cleaned: dict[str, Any] = super().clean() or {}
        yes = [wording for wording in self._wordings if self._choice(wording) == GrantDecision.PERMIT]
        if all(self._choice(wording) not in GrantDecision.values for wording in self._wordings):
            self.add_error(None, gettext("Choose yes or no for at least one purpose, or leave this page."))
        for wording in yes:
            self._check_yes(wording)
        if yes and not cleaned.get("name", "").strip() and not cleaned.get("assent_name", "").strip():
            self.add_error("name", gettext("A yes needs the name of who says it as a signature."))
        if yes and cleaned.get("method") == SigningMethod.SPOKEN and not cleaned.get("witness", "").strip():
            self.add_error("witness", gettext("An answer said aloud needs the name of somebody else who heard it."))
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
        if purpose.needs_recipient:
            for name, fault in (
                ("recipient", gettext("A yes to this needs a name.")),
                ("verified", "Say how you made sure."),
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
        name = self.cleaned_data.get(f"recipient_{wording.purpose_id}", "").strip()
        return NamedRecipient(name, self.cleaned_data[f"verified_{wording.purpose_id}"]) if name else None


class LinkForm(forms.Form):
    """The terms of one link; the purpose comes with the page and is no field.

    `withholds`: some pictures may tell the sex, and go to anybody but the patient only where they are ticked.
    """

    submission = forms.UUIDField(widget=forms.HiddenInput)
    nickname = forms.CharField(
        label="Who is it for?",
        max_length=80,
        help_text="A short name for your list, such as “patient” or “mother”. The recipient does not see it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write a short name, so that you find this link in the list."},
    )
    recipient_check = forms.ChoiceField(
        label="How do you know it reaches the right person?",
        choices=STAFF_CHECKS,
        widget=forms.RadioSelect,
        error_messages={"required": "Make sure who receives the link, and say how."},
    )
    pictures = forms.MultipleChoiceField(
        label="Pictures",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one picture."},
    )
    second_secret = forms.ChoiceField(label="What opens it beside the link?", widget=forms.RadioSelect, required=False)
    contact = forms.CharField(
        label="Where the codes go",
        max_length=254,
        required=False,
        help_text="An e-mail address, or a number with its country. Send the link itself another way.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    opens = forms.DateField(
        label="The link works from", widget=DAY_INPUT, required=False, help_text="Empty: from now on."
    )
    until = forms.DateField(label="The link works until the end of", widget=DAY_INPUT)
    max_openings = forms.IntegerField(
        label="How often it can be opened",
        min_value=1,
        max_value=MOST_OPENINGS,
        initial=USUAL_OPENINGS,
    )
    visit_minutes = forms.ChoiceField(
        label="How long one visit lasts at most",
        choices=VISITS,
        required=False,
        help_text="A visit also ends after a quarter of an hour without a look.",
    )
    download_allowed = forms.BooleanField(
        label="Show buttons to save and share the pictures",
        required=False,
        initial=True,
        help_text="Without them no download button is shown. That is a wish, not a lock: what can be seen can be "
        "photographed or captured from the screen.",
    )

    def __init__(self, data: Any, *, pictures: Sequence[Picture], grant: Grant) -> None:
        self._grant = grant
        latest = min(timezone.now() + LONGEST, grant.valid_until or timezone.now())
        own = grant.purpose_id == OWN_COPY
        ticked = [picture for picture in pictures if own or not picture.tells_sex]
        self.withholds = len(ticked) < len(pictures)
        self.latest = timezone.localdate(latest)
        super().__init__(
            data,
            initial={
                "submission": uuid4(),
                "until": min(timezone.localdate(timezone.now() + USUAL), self.latest),
                "pictures": [str(picture.picture_id) for picture in ticked],
                "second_secret": SecondSecret.CARD.value,
                "visit_minutes": LONGEST_VISIT,
            },
        )
        self._pictures = pictures
        self.sends_codes = bool(open_channels())
        ways = self.fields["second_secret"]
        assert isinstance(ways, forms.ChoiceField)
        ways.choices = [
            (way.value, way.label) for way in SecondSecret if way is SecondSecret.CARD or way.value in open_channels()
        ]
        choices = self.fields["pictures"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(str(picture.picture_id), f"Picture {picture.position}") for picture in pictures]
        self.fields["until"].help_text = f"At most until {self.latest:%-d %B %Y}."

    def boxes(self) -> list[tuple[Picture, forms.boundfield.BoundWidget]]:
        """Return each picture with its tick box."""
        return list(zip(self._pictures, self["pictures"], strict=True))

    def clean_until(self) -> date:
        """Refuse a day before today, after ninety days or after the consent has ended."""
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() <= until <= self.latest:
            raise forms.ValidationError("Choose a day from today on, within 90 days and before the consent ends.")
        return until

    def clean_opens(self) -> date | None:
        """Refuse a first day that has passed."""
        opens: date | None = self.cleaned_data["opens"]
        if opens is not None and opens < timezone.localdate():
            raise forms.ValidationError("Choose today or a later day, or leave it empty.")
        return opens

    def clean(self) -> dict[str, Any]:
        """Check what belongs together: a way for codes with a contact that fits it, and a first day before the last."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens, until = cleaned.get("opens"), cleaned.get("until")
        if opens and until and opens > until:
            self.add_error("opens", "The first day comes after the last one.")
        way = cleaned.get("second_secret") or SecondSecret.CARD.value
        if way in Channel.values:
            try:
                cleaned["contact"] = checked_contact(cleaned.get("contact", ""), Channel(way))
            except forms.ValidationError as fault:
                self.add_error("contact", fault)
        return cleaned

    def opened_by(self) -> SecondSecret:
        """Return what opens the link beside its address; the printed card where nothing is said."""
        return SecondSecret(self.cleaned_data["second_secret"] or SecondSecret.CARD.value)

    def visit_length(self) -> int:
        """Return how many minutes one visit lasts at most; the longest where nothing is said."""
        return int(self.cleaned_data["visit_minutes"] or LONGEST_VISIT)

    def not_before(self) -> datetime | None:
        """Return the moment at which the link opens, or nothing for at once."""
        opens: date | None = self.cleaned_data["opens"]
        return start_of(opens) if opens and opens > timezone.localdate() else None

    def chosen(self) -> list[Picture]:
        """Return the chosen pictures in the order of the study."""
        wanted = set(self.cleaned_data["pictures"])
        return [picture for picture in self._pictures if str(picture.picture_id) in wanted]

    def not_after(self) -> datetime:
        """Return the moment at which the link closes: the end of the day, or of the consent if that comes first."""
        end = end_of(self.cleaned_data["until"])
        return min(end, timezone.now() + LONGEST, self._grant.valid_until or end)

    def submission_id(self) -> UUID:
        """Return the key of this very form, by which a form sent twice is known."""
        submission: UUID = self.cleaned_data["submission"]
        return submission


class CareForm(forms.Form):
    """How a patient wishes to be met."""

    status = forms.ChoiceField(
        label="What she has told you, or what you know",
        choices=CareStatus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )


class AskForm(forms.Form):
    """The secret of a link, from a visitor who asks for a code."""

    secret = forms.CharField(max_length=LONGEST_INPUT)

    def clean_secret(self) -> str:
        """Take the secret out of a pasted link."""
        return secret_from(self.cleaned_data["secret"])


class DoorForm(AskForm):
    """The two secrets of a link, as a visitor gives them; `asked` is the page's own where the code was sent."""

    code = forms.CharField(max_length=40)
    asked = forms.CharField(max_length=64, required=False)


def start_of(day: date) -> datetime:
    """Return the first moment of a day where the portal is."""
    return timezone.make_aware(datetime.combine(day, time.min))
