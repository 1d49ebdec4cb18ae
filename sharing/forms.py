"""What staff and patients type: the answers of a sitting, a link's terms, and the two secrets at the door."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.ages import end_of
from consent.capacity import Claim, OpenBasis
from consent.models import Grant
from consent.states import DECIDERS, Basis, SignerRole, SigningMethod
from sharing.albums import Picture
from sharing.card_form import DAY_INPUT, CardForm
from sharing.models.link import LONGEST_VISIT, MOST_OPENINGS, USUAL_OPENINGS
from sharing.recipients import named_recipient
from sharing.right_fields import DECIDER_LABELS, claim_from, fields_for, names_from
from sharing.senders.choosing import open_channels
from sharing.services.limits import limits_of
from sharing.states import STAFF_CHECKS, SecondSecret
from sharing.tokens import LONGEST_INPUT, secret_from
from sharing.way_fields import check_the_way, contact_field, second_secret_field, way_of
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.care import CareStatus

OWN_COPY = "own_copy"
VISITS = [(15, "15 minutes"), (30, "30 minutes"), (60, "one hour"), (LONGEST_VISIT, "two hours")]


class SittingForm(CardForm):
    """The cards at the desk, and how and by whom they are answered.

    `asked` is the basis that was chosen, an adult's own where none is named; its fields stand in `right_fields`.
    """

    method = forms.ChoiceField(
        label=_("How did the patient answer?"),
        choices=[
            choice for choice in SigningMethod.choices if choice[0] in {SigningMethod.TYPED, SigningMethod.SPOKEN}
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how the patient answered.")},
    )
    witness = forms.CharField(
        label=_("Who else heard it"),
        max_length=200,
        required=False,
        help_text=_("Needed for answers said aloud: the name of a second person, not yours."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    interpreter = forms.CharField(
        label=_("Who interpreted"),
        max_length=200,
        required=False,
        help_text=_("Only if somebody did."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: Any, *, asked: OpenBasis | None = None, asks_born: bool = False, **table: Any
    ) -> None:  # data and table: as CardForm takes them
        super().__init__(data, **table)
        self.basis = asked.basis if asked else Basis.ADULT
        self._right = fields_for(asked, asks_born=asks_born) if asked else {}
        self.fields |= self._right
        self.fields["name"].label = DECIDER_LABELS[self.basis]

    @property
    def right_fields(self) -> list[forms.BoundField]:
        """The fields that the chosen basis asks for, in order."""
        return [self[name] for name in self._right]

    def claim(self, by: User) -> Claim:
        """Return the right that who decides claims; `by` is who judged it, where somebody has to."""
        return claim_from(self.cleaned_data, self.basis, by)

    def drawings(self) -> dict[SignerRole, bytes]:
        """Return what who decides has drawn beside a typed name; an answer said aloud is not drawn."""
        drawn = self.cleaned_data["drawing"] if self.cleaned_data["method"] == SigningMethod.TYPED else b""
        return {DECIDERS[self.basis]: drawn} if drawn else {}

    def names(self) -> dict[SignerRole, str]:
        """Return every name that was typed, by role."""
        decider = self.cleaned_data.get("name", "").strip()
        return ({DECIDERS[self.basis]: decider} if decider else {}) | names_from(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        """Check the names that a yes needs as well."""
        cleaned = super().clean()
        if not self.permits():
            return cleaned
        if not cleaned.get("name", "").strip() and not cleaned.get("assent_name", "").strip():
            self.add_error("name", gettext("A yes needs the name of who says it as a signature."))
        if cleaned.get("method") == SigningMethod.SPOKEN and not cleaned.get("witness", "").strip():
            self.add_error("witness", gettext("An answer said aloud needs the name of somebody else who heard it."))
        return cleaned


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
    second_secret = second_secret_field()
    contact = contact_field()
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
        self._limits = limits_of(grant.clinic_id, grant.purpose_id)
        self.recipient = named_recipient(grant)
        latest = min(timezone.now() + self._limits.longest, grant.valid_until or timezone.now())
        own = grant.purpose_id == OWN_COPY
        ticked = [picture for picture in pictures if own or not picture.tells_sex]
        self.withholds = len(ticked) < len(pictures)
        self.latest = timezone.localdate(latest)
        super().__init__(
            data,
            initial={
                "submission": uuid4(),
                "until": min(timezone.localdate(timezone.now() + self._limits.usual), self.latest),
                "pictures": [str(picture.picture_id) for picture in ticked],
                "second_secret": SecondSecret.CARD.value,
                "download_allowed": self.recipient is None,
                "visit_minutes": LONGEST_VISIT,
            },
        )
        if own:
            self.fields["recipient_check"].label = "How do you know it reaches the patient herself, and nobody else?"
        self._pictures = pictures
        if self.recipient:
            del self.fields["nickname"]
        self.sends_codes = bool(open_channels())
        choices = self.fields["pictures"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(str(picture.picture_id), f"Picture {picture.position}") for picture in pictures]
        self.fields["until"].help_text = f"At most until {self.latest:%-d %B %Y}."

    def boxes(self) -> list[tuple[Picture, forms.boundfield.BoundWidget]]:
        """Return each picture with its tick box."""
        return list(zip(self._pictures, self["pictures"], strict=True))

    def clean_until(self) -> date:
        """Refuse a day before today, after the clinic's limit or after the consent has ended."""
        until: date = self.cleaned_data["until"]
        if not timezone.localdate() <= until <= self.latest:
            raise forms.ValidationError(f"Choose a day from today on, and not after {self.latest:%-d %B %Y}.")
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
        check_the_way(self, cleaned)
        return cleaned

    def opened_by(self) -> SecondSecret:
        """Return what opens the link beside its address; the printed card where nothing is said."""
        return way_of(self.cleaned_data)

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
        return min(end, timezone.now() + self._limits.longest, self._grant.valid_until or end)

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
