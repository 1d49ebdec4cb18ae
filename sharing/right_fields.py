"""What a sitting asks about the right of who decides: the fields of each basis, and what they say together."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.capacity import Claim, OpenBasis
from consent.states import Assent, Basis, Fact, SignerRole
from ultrasound_portal.clinics.models import User

DECIDER_LABELS = {
    Basis.ADULT: _("The patient’s name, as a signature"),
    Basis.COMPETENT_MINOR: _("The patient’s name, as a signature"),
    Basis.MINOR_WITH_PARENT: _("The parent’s name, as a signature"),
    Basis.GUARDIAN: _("The name of who decides for the patient, as a signature"),
    Basis.DECEASED: _("The representative’s name, as a signature"),
}
STATEMENTS = (
    ("necessary", _("It is needed, and waiting until the patient can decide herself would defeat it.")),
    ("in_her_interest", _("It is in the patient’s own interest.")),
    ("no_other_way", _("There is no other way to reach the same with less.")),
)
_TEXTS = {
    Fact.REASONING: (
        "reasoning",
        _("Why you judge that she understands what she decides"),
        _("What she was told and what she said in her own words. Your name goes on record as who judged."),
    ),
    Fact.AUTHORITY: (
        "authority",
        _("What gives the authority"),
        _("For example: court order, power of attorney, executor."),
    ),
    Fact.PROOF: ("proof", _("Which paper you have seen"), _("Its kind, number and date.")),
    Fact.WISHES: (
        "wishes",
        _("What is known of the patient’s own wishes"),
        _("Write “nothing is known” if that is so."),
    ),
}
_LINES = forms.Textarea(attrs={"rows": 2})
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def fields_for(asked: OpenBasis, *, asks_born: bool) -> dict[str, forms.Field]:
    """Return the fields that a basis needs beyond the decider's name; none is filled in beforehand."""
    facts = set(asked.rule.facts) | ({Fact.REASONING} if asked.assessed else set())
    fields: dict[str, forms.Field] = {}
    if asks_born:
        fields["born"] = forms.DateField(
            label=_("The patient’s date of birth"),
            required=False,
            widget=_DAY,
            help_text=_("The study does not give it. Read it in a document."),
        )
    for fact, (name, label, hint) in _TEXTS.items():
        if fact in facts:
            fields[name] = forms.CharField(label=label, help_text=hint, required=False, max_length=1000, widget=_LINES)
    if Fact.AUTHORITY_END in facts:
        fields["authority_until"] = forms.DateField(label=_("The authority’s last day"), required=False, widget=_DAY)
    if Fact.NECESSITY in facts:
        fields |= {name: forms.BooleanField(label=label, required=False) for name, label in STATEMENTS}
    return fields | _assent_fields(asked, facts)


def _assent_fields(asked: OpenBasis, facts: set[Any]) -> dict[str, forms.Field]:
    if not asked.assents:
        return {}
    choices = [choice for choice in Assent.choices if choice[0] in {Assent.GIVEN, Assent.REFUSED}]
    fields: dict[str, forms.Field] = {}
    if Fact.ASSENT_MAY_LACK in facts:
        choices.append((Assent.NOT_POSSIBLE.value, Assent.NOT_POSSIBLE.label))
        fields["assent_note"] = forms.CharField(
            label=_("Why she cannot say"),
            required=False,
            max_length=1000,
            widget=_LINES,
            help_text=_("Only if she cannot."),
        )
    fields["assent"] = forms.ChoiceField(
        label=_("What does the patient herself say?"),
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Her no holds, whoever else says yes. Leave it open if she is not here: the answer waits for her."),
    )
    fields["assent_name"] = forms.CharField(
        label=_("The patient’s own name, as a signature"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    return fields


def claim_from(cleaned: Mapping[str, Any], basis: Basis, by: User) -> Claim:
    """Return the right that the filled fields claim; `by` is who judged, where somebody did."""
    reasoning = cleaned.get("reasoning", "")
    return Claim(
        basis=basis,
        assessor=by if reasoning.strip() else None,
        reasoning=reasoning,
        authority=cleaned.get("authority", ""),
        proof=cleaned.get("proof", ""),
        authority_until=cleaned.get("authority_until"),
        wishes=cleaned.get("wishes", ""),
        statements=(
            bool(cleaned.get("necessary")),
            bool(cleaned.get("in_her_interest")),
            bool(cleaned.get("no_other_way")),
        ),
        assent=Assent(cleaned.get("assent", "")),
        assent_note=cleaned.get("assent_note", ""),
        born=cleaned.get("born"),
    )


def names_from(cleaned: Mapping[str, Any]) -> dict[SignerRole, str]:
    """Return the names that stand beside the decider's: the patient's own, who heard it, who interpreted."""
    typed = {
        SignerRole.ASSENT: cleaned.get("assent_name", ""),
        SignerRole.WITNESS: cleaned.get("witness", ""),
        SignerRole.INTERPRETER: cleaned.get("interpreter", ""),
    }
    return {role: name.strip() for role, name in typed.items() if name.strip()}
