"""Forms of the review and of the policy: sentences that confirm, reasons, and which text stays."""

from typing import Any

from django import forms

from deid.gate_forms import FramesField
from deid.states import HoldGround, KeptTextChoice, Refusal, SexMarkReason
from ultrasound_portal.clinics.models import LONGEST_KEPT

CONFIRMATION = "I looked at every frame; no name, date or number can be read."
SEX_WANTED = "This picture may tell the sex, and the family wants to know it."
MOST_LETTERS = 20_000


class ReleaseForm(forms.Form):
    """The run and the frames that were looked at, and the sentences that a clinician ticks for some pictures."""

    run = forms.UUIDField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=CONFIRMATION, required=False, widget=forms.CheckboxInput(attrs={"required": True})
    )
    frames = FramesField(required=False)
    sex_wanted = forms.BooleanField(
        label=SEX_WANTED, required=False, widget=forms.CheckboxInput(attrs={"required": True})
    )


class RejectForm(forms.Form):
    """Why a picture is rejected, from a closed list."""

    reason = forms.ChoiceField(choices=Refusal.choices, label="Reason")


class SexMarkForm(forms.Form):
    """Why the mark is taken away that a picture may tell the sex, from a closed list."""

    reason = forms.ChoiceField(choices=SexMarkReason.choices, label="Why it can go")


class WordsField(forms.CharField):
    """A clinic's own words, one to a line; spaces are put right and what stands there twice is taken once."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "none"})

    def prepare_value(self, value: Any) -> Any:  # Any: as Django's own fields
        """Show a stored list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the words in the order in which they were written."""
        lines = (" ".join(line.split()) for line in super().clean(value).splitlines())
        return list({line.casefold(): line for line in lines if line}.values())


class PolicyForm(forms.Form):
    """The next version of a clinic's policy; the engine's own rules are asked when it is published."""

    text = forms.ChoiceField(
        label="Text that stays inside the picture", choices=KeptTextChoice.choices, widget=forms.RadioSelect
    )
    gestational_age = forms.BooleanField(
        label="The age of the pregnancy may stay, such as 21w3d",
        required=False,
        help_text="It counts as a measurement.",
    )
    also_kept = WordsField(
        label="Your own words that stay",
        required=False,
        max_length=MOST_LETTERS,
        help_text="One word on each line, such as a term of your laboratory. They stay only where some text stays.",
    )
    also_covered = WordsField(
        label="Your own words that always go",
        required=False,
        max_length=MOST_LETTERS,
        help_text="One word or name on each line, such as the nickname of your hospital. Never a patient’s name.",
    )


class RetentionForm(forms.Form):
    """How many days a clinic keeps what it need not keep."""

    originals_kept_days = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_KEPT,
        label="Days after its release in which a picture can still be cleaned again",
        help_text="Then the picture as it came is destroyed, and what was rejected as long ago. 0: within an hour.",
    )
    abandoned_after_days = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_KEPT,
        label="Days after which a picture that nobody released is erased",
        help_text="Counted from the last time somebody did something with it.",
    )


class HoldForm(forms.Form):
    """Which study is kept, and why."""

    study = forms.UUIDField()
    ground = forms.ChoiceField(choices=HoldGround.choices)
