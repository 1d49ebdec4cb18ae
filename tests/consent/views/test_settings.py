"""The page of an administrator's settings: nothing is changed unless she is sure."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.capacity import profile_of
from consent.models import LATER_PARTS, PARTS, Profile, Purpose
from consent.offers import live_wording, offered_purposes
from tests.consent.cast import a_clinic, a_member
from tests.consent.test_rules_form import typed
from ultrasound_portal.clinics.models import Clinic, SignIn
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clinic: Clinic) -> Client:
    browser = Client()
    browser.force_login(a_member(clinic, Role.ADMINISTRATOR, "Ada Marsh"))
    return browser


def post(desk: Client, **said: str) -> str:
    return desk.post(reverse("consent:settings"), said, follow=True).content.decode()


def words_of(code: str, language: str, **changes: str) -> dict[str, str]:
    live = live_wording(code, language)
    return {name: getattr(live, name) for name in (*PARTS, *LATER_PARTS, "permanence")} | changes


def test_it_shows_what_holds(desk: Client) -> None:
    page = desk.get(reverse("consent:settings")).content.decode()
    assert "Whose rules hold: United States" in page
    assert page.count("Write a new version") == 16
    assert "Settings of consent" in desk.get(reverse("consent:ledger")).content.decode()


def test_a_change_needs_a_tick(desk: Client, clinic: Clinic) -> None:
    assert "tick that you are sure" in post(desk, profile="uk")
    assert profile_of(clinic).pk == "us"
    assert "by the rules of United Kingdom" in post(desk, profile="uk", sure="on")
    assert profile_of(clinic).pk == "uk"


@pytest.mark.requirement("R13")
def test_a_purpose_is_switched(desk: Client, clinic: Clinic) -> None:
    social = Purpose.objects.get(pk="social_media")
    assert "is asked for" in post(desk, purpose="social_media", offered="on", sure="on")
    assert social in offered_purposes(clinic)
    assert "not asked for any more" in post(desk, purpose="social_media", sure="on")
    assert social not in offered_purposes(clinic)


@pytest.mark.parametrize(
    "said", [{"profile": "xx"}, {"purpose": "xx"}, {"retire": "xx"}, {}], ids=["profile", "purpose", "words", "nothing"]
)
def test_what_is_not_there_is_not_changed(desk: Client, said: dict[str, str]) -> None:
    assert desk.post(reverse("consent:settings"), {**said, "sure": "on"}).status_code == 404


def test_words_are_looked_at_and_published_when_sure(desk: Client) -> None:
    where = reverse("consent:words", args=["family", "es"])
    assert live_wording("family", "es").uses[:30] in desk.get(where).content.decode()
    data = words_of("family", "es", uses="Otros usos.")
    look = desk.post(where, {**data, "act": "preview"})
    assert "Nothing is published yet" in look.content.decode()
    assert desk.post(where, {**data, "act": "publish"}).status_code == 422
    assert live_wording("family", "es").version == 1
    assert desk.post(where, {**data, "act": "publish", "sure": "on"}).status_code == 302
    assert live_wording("family", "es").uses == "Otros usos."


def test_incomplete_words_are_marked(desk: Client) -> None:
    where = reverse("consent:words", args=["family", "en"])
    refused = desk.post(where, {**words_of("family", "en", storage=""), "act": "publish", "sure": "on"})
    assert refused.status_code == 422
    assert "lacks a required part" in refused.content.decode()


def test_words_are_taken_out_of_force_once(desk: Client) -> None:
    live = live_wording("family", "es")
    assert "out of force" in post(desk, retire=str(live.pk), sure="on")
    assert "no words, so it cannot be asked for" in desk.get(reverse("consent:settings")).content.decode()
    assert "has been replaced" in post(desk, retire=str(live.pk), sure="on")


def test_where_clinics_share_the_words_nobody_writes_them(desk: Client) -> None:
    a_clinic("Another clinic")
    assert "Ask the operator" in desk.get(reverse("consent:settings")).content.decode()
    assert desk.get(reverse("consent:words", args=["family", "en"])).status_code == 404


def test_a_language_that_is_none_is_not_there(desk: Client) -> None:
    assert desk.get(reverse("consent:words", args=["family", "xx"])).status_code == 404


def test_a_clinician_changes_nothing(clinic: Clinic) -> None:
    browser = Client()
    browser.force_login(a_member(clinic, Role.CLINICIAN))
    assert browser.get(reverse("consent:settings")).status_code == 403


# --- rules ---


def rules_typed(code: str = "us", **changes: object) -> dict[str, object]:
    return typed(Profile.objects.get(pk=code), **changes)


def test_rules_are_changed_by_making_their_next_version(desk: Client, clinic: Clinic) -> None:
    where = reverse("consent:rules", args=["us"])
    assert where in desk.get(reverse("consent:settings")).content.decode()
    assert desk.get(where).status_code == 200
    unsure = desk.post(where, rules_typed(adult_from_age=19))
    assert unsure.status_code == 422
    assert "tick that you are sure" in unsure.content.decode()
    wrong = desk.post(where, rules_typed(adult_from_age=9, sure="on"))
    assert "between 14 and 25" in wrong.content.decode()
    done = desk.post(where, rules_typed(adult_from_age=19, sure="on"), follow=True).content.decode()
    assert "From now on you ask by the rules of United States, version 2." in done
    assert profile_of(clinic).rules.get(basis="adult").from_age == 19
    assert "Made here by Ada Marsh" in done


def test_a_place_is_added_under_a_name_of_its_own(desk: Client, clinic: Clinic) -> None:
    where = reverse("consent:rules_new")
    assert desk.post(where, rules_typed(sure="on", name="Alabama")).status_code == 302
    assert profile_of(clinic).name == "Alabama"
    again = desk.post(where, rules_typed(sure="on", name="Alabama"))
    assert "Other rules have this name" in again.content.decode()
    assert desk.get(reverse("consent:rules", args=["nowhere"])).status_code == 404


def test_rules_ask_for_an_administrator_and_a_fresh_proof(desk: Client, clinic: Clinic) -> None:
    where = reverse("consent:rules", args=["us"])
    clinician = Client()
    clinician.force_login(a_member(clinic))
    assert clinician.get(where).status_code == 403
    SignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    stopped = desk.post(where, rules_typed(adult_from_age=19, sure="on"))
    assert stopped.status_code == 403
    assert profile_of(clinic).pk == "us"
