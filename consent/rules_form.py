"""The form in which an administrator writes a jurisdiction's rules: one group of fields for each basis."""

from dataclasses import dataclass
from typing import Any

from django import forms

from consent.models import CapacityRule, Profile
from consent.rules import OLDEST, RulesDraft, faults_of
from consent.states import Basis, Fact

AGES = {
    "from_age": "From this age on",
    "below_age": "Below this age",
    "assess_below_age": "Somebody judges whether she understands, below",
    "assent_from_age": "She agrees with her own name, from",
    "ends_at_age": "Her yes ends when she reaches",
}


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one basis."""

    basis: Basis
    opens: forms.BoundField
    fields: list[forms.BoundField]
    facts: forms.BoundField


class RulesForm(forms.Form):
    """Rules as they are typed; what may not be is said in a sentence each."""

    name = forms.CharField(label="Where do these rules hold?", max_length=80)
    source = forms.CharField(
        label="Where do they come from?",
        help_text="Law, section and year, so that somebody can check them.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    leap_birthday = forms.ChoiceField(
        label="Born on 29 February: in a year without that day she is a year older on",
        choices=[("02-28", "28 February"), ("03-01", "1 March")],
    )

    def __init__(self, data: Any, *, after: Profile | None) -> None:  # data: QueryDict or None, as in Django
        rules = {rule.basis: rule for rule in after.rules.all()} if after else {}
        first = {name: getattr(after, name) for name in ("name", "source", "leap_birthday")} if after else {}
        super().__init__(data, initial=first)
        for basis in Basis:
            self.fields |= _fields_of(basis, rules.get(basis.value))

    def groups(self) -> list[Group]:
        """Return the fields of every basis, in the order in which they are asked for."""
        return [
            Group(
                basis,
                self[f"{basis.value}_open"],
                [self[f"{basis.value}_{name}"] for name in (*AGES, "from_afar")],
                self[f"{basis.value}_facts"],
            )
            for basis in Basis
        ]

    def draft(self) -> RulesDraft:
        """Return what was typed."""
        said = self.cleaned_data
        return RulesDraft(said["name"], said["source"], said["leap_birthday"], self._rules())

    def clean(self) -> dict[str, Any]:
        """Say everything that the rules may not say."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for fault in faults_of(self._rules()):
                self.add_error(None, fault)
        return cleaned

    def _rules(self) -> list[CapacityRule]:
        said = self.cleaned_data
        return [
            CapacityRule(
                basis=basis.value,
                facts=said[f"{basis.value}_facts"],
                from_afar=said[f"{basis.value}_from_afar"],
                **{age: said[f"{basis.value}_{age}"] for age in AGES},
            )
            for basis in Basis
            if said[f"{basis.value}_open"]
        ]


def _fields_of(basis: Basis, rule: CapacityRule | None) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        f"{basis.value}_open": forms.BooleanField(
            label="Open: somebody may decide on this basis", required=False, initial=rule is not None
        )
    }
    for age, label in AGES.items():
        fields[f"{basis.value}_{age}"] = forms.IntegerField(
            label=label, min_value=0, max_value=OLDEST, required=False, initial=getattr(rule, age, None)
        )
    fields[f"{basis.value}_from_afar"] = forms.BooleanField(
        label="Who decides may do so from afar, once staff have seen what is asked for",
        required=False,
        initial=bool(rule and rule.from_afar),
    )
    fields[f"{basis.value}_facts"] = forms.MultipleChoiceField(
        label="What has to be known",
        choices=Fact.choices,
        required=False,
        initial=rule.facts if rule else [],
        widget=forms.CheckboxSelectMultiple,
    )
    return fields
