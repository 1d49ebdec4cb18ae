"""The form of a jurisdiction's rules starts from those in force and says what they may not say."""

import pytest

from consent.models import Profile
from consent.rules_form import AGES, RulesForm
from consent.states import Basis

pytestmark = pytest.mark.django_db


def typed(after: Profile, **changes: object) -> dict[str, object]:
    """Return what the form of a profile sends when nothing is touched, but for `changes`."""
    form = RulesForm(None, after=after)
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changes).items() if value not in (None, False)}


@pytest.fixture
def us() -> Profile:
    return Profile.objects.get(pk="us")


def test_untouched_it_says_the_rules_as_they_are(us: Profile) -> None:
    form = RulesForm(typed(us), after=us)
    assert form.is_valid(), form.errors
    told = {rule.basis: rule for rule in form.draft().rules}
    for rule in us.rules.all():
        same = told[rule.basis]
        assert [getattr(same, age) for age in AGES] == [getattr(rule, age) for age in AGES]
        assert (same.facts, same.from_afar) == (rule.facts, rule.from_afar)
    assert [group.basis for group in form.groups()] == list(Basis)


def test_a_basis_is_closed_and_an_age_moved(us: Profile) -> None:
    changed = typed(us, adult_from_age=19, competent_minor_open=False)
    form = RulesForm(changed, after=us)
    assert form.is_valid(), form.errors
    assert "competent_minor" not in {rule.basis for rule in form.draft().rules}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"adult_from_age": -1}, "greater than or equal to 0"),
        ({"adult_from_age": 500}, "less than or equal to 120"),
        ({"adult_open": False}, "as an adult"),
        ({"guardian_facts": ["nonsense"]}, "nonsense"),
        ({"leap_birthday": "02-30"}, "02-30"),
        ({"name": " "}, "required"),
    ],
)
def test_what_makes_no_sense_is_marked(us: Profile, changes: dict[str, object], said: str) -> None:
    assert said in str(RulesForm(typed(us, **changes), after=us).errors)


def test_rules_of_a_new_place_start_empty() -> None:
    form = RulesForm(None, after=None)
    assert not any(form[name].value() for name in form.fields)
