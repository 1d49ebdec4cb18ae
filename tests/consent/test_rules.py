"""Rules of a place: what they may not say, their versions, and that nothing decided before changes with them."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from consent.capacity import profile_of
from consent.errors import ConsentRefused, RefusalReason
from consent.evidence import is_whole
from consent.models import CapacityRule, Profile
from consent.rules import RulesDraft, faults_of, newest, publish_rules
from consent.states import Basis, Fact
from tests.consent.cast import a_clinic, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rules_of(code: str = "us", **changes: dict[str, object]) -> list[CapacityRule]:
    """Return copies of a profile's rules, with `changes` by basis."""
    names = ("from_age", "below_age", "assess_below_age", "assent_from_age", "ends_at_age", "facts", "from_afar")
    return [
        CapacityRule(basis=rule.basis, **{name: getattr(rule, name) for name in names} | changes.get(rule.basis, {}))
        for rule in CapacityRule.objects.filter(profile_id=code)
    ]


def draft(**changes: dict[str, object]) -> RulesDraft:
    return RulesDraft("Alabama", "Ala. Code 26-1-1", "03-01", rules_of(**changes))


@pytest.mark.parametrize("code", ["us", "uk", "au"])
def test_the_rules_that_the_portal_brings_have_no_fault(code: str) -> None:
    assert faults_of(rules_of(code)) == []


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"adult": {"from_age": None}}, "decides alone as an adult"),
        ({"adult": {"from_age": 9}}, "between 14 and 25"),
        ({"competent_minor": {"below_age": 30}}, "below 18 at most"),
        ({"competent_minor": {"assess_below_age": None}}, "somebody judges"),
        ({"minor_with_parent": {"ends_at_age": None}}, "comes of age"),
        ({"minor_with_parent": {"ends_at_age": 19}}, "comes of age"),
        ({"minor_with_parent": {"assent_from_age": None}}, "with her own name"),
        ({"minor_with_parent": {"from_age": 12, "below_age": 12}}, "before the last"),
        ({"guardian": {"facts": [Fact.AUTHORITY]}}, "has to ask for"),
        ({"deceased": {"facts": []}}, "has to ask for"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_rules_may_not_say_is_told_in_a_sentence(changes: dict[str, dict[str, object]], said: str) -> None:
    faults = faults_of(rules_of(**changes))
    assert any(said in fault for fault in faults), faults


def test_an_age_for_which_nobody_could_decide_is_found() -> None:
    rules = [rule for rule in rules_of() if rule.basis in {Basis.ADULT, Basis.MINOR_WITH_PARENT}]
    later = [replace_ages(rule) for rule in rules]
    assert "of 0 years" in " ".join(faults_of(later))
    assert faults_of([]) != []


def replace_ages(rule: CapacityRule) -> CapacityRule:
    rule.from_age = rule.from_age or 7
    return rule


def test_the_next_version_holds_for_the_next_answers_of_this_clinic_alone(
    clinic: Clinic, clinician: User, patient: Patient
) -> None:
    grant, elsewhere = decide_as(patient, clinician), a_clinic("Elsewhere")
    us = Profile.objects.get(pk="us")
    made = publish_rules(clinic, replace(draft(adult={"from_age": 19}), name="United States"), by=clinician, after=us)
    assert (made.pk, made.family, made.version, made.made_by) == ("us-v2", "us", 2, clinician)
    assert profile_of(clinic) == made
    assert profile_of(elsewhere) == us
    assert grant.record.capacity.profile == us
    assert is_whole(grant)
    assert decide_as(patient, clinician).record.capacity.profile == made
    assert made in newest()
    assert us not in newest()
    entry = Entry.objects.get(event=Event.CONSENT_SETTINGS_CHANGED)
    assert entry.detail == {"profile": "us-v2", "version": 2, "replaces": "us"}
    assert publish_rules(clinic, draft(), by=clinician, after=made).pk == "us-v3"


def test_a_site_adds_a_place_of_its_own(clinic: Clinic, clinician: User) -> None:
    made = publish_rules(clinic, draft(adult={"from_age": 19}), by=clinician)
    assert (made.pk, made.version, profile_of(clinic)) == ("alabama", 1, made)
    with pytest.raises(ConsentRefused) as twice:
        publish_rules(clinic, draft(adult={"from_age": 19}), by=clinician)
    assert twice.value.reason is RefusalReason.RULES_EXIST


@pytest.mark.parametrize("fault", ["rules", "name", "source"])
def test_rules_with_a_fault_are_not_put_in_force(clinic: Clinic, clinician: User, fault: str) -> None:
    wrong = replace(draft(), **{fault: [] if fault == "rules" else " "})
    with pytest.raises(ConsentRefused) as refused:
        publish_rules(clinic, wrong, by=clinician)
    assert refused.value.reason is RefusalReason.RULES_INCOMPLETE
    assert Profile.objects.count() == 3


def test_a_version_never_changes() -> None:
    for rows, change in (
        (CapacityRule.objects.filter(basis="adult"), {"from_age": 16}),
        (CapacityRule.objects.filter(basis="guardian"), {"facts": []}),
        (CapacityRule.objects.filter(basis="deceased"), {"from_afar": True}),
        (Profile.objects.filter(pk="us"), {"leap_birthday": "02-28"}),
    ):
        with pytest.raises(IntegrityError, match="make the next version"), transaction.atomic():
            rows.update(**change)
