"""What an administrator changes for her clinic is on the trail, and changes nothing that was agreed to."""

import pytest

from consent.capacity import profile_of
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant, Profile, Purpose, Wording
from consent.offers import live_wording, offered_purposes
from consent.settings import change_offer, choose_profile, next_version, publish_words, retire_words
from tests.consent.cast import a_clinic, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def draft_of(live: Wording, **changes: str) -> Wording:
    texts = {field.name: getattr(live, field.name) for field in Wording._meta.concrete_fields}
    own = ("id", "version", "sha256", "published_at", "retired_at")
    return Wording(**{name: text for name, text in texts.items() if name not in own} | changes)


def told() -> list[dict[str, object]]:
    entries = Entry.objects.filter(event=Event.CONSENT_SETTINGS_CHANGED).order_by("seq")
    return [entry.detail for entry in entries]


def test_a_jurisdiction_is_chosen_and_noted(clinic: Clinic, clinician: User) -> None:
    choose_profile(clinic, Profile.objects.get(pk="uk"), by=clinician)
    assert profile_of(clinic).pk == "uk"
    assert told() == [{"profile": "uk"}]


@pytest.mark.requirement("R13")
def test_a_purpose_is_asked_for_and_not(clinic: Clinic, clinician: User) -> None:
    social = Purpose.objects.get(pk="social_media")
    change_offer(clinic, social, on=True, by=clinician)
    assert social in offered_purposes(clinic)
    change_offer(clinic, social, on=False, by=clinician)
    assert social not in offered_purposes(clinic)
    assert told() == [{"purpose": "social_media", "offered": on} for on in (True, False)]


def test_new_words_never_upgrade_what_was_agreed_to(clinic: Clinic, clinician: User, patient: Patient) -> None:
    grant = decide_as(patient, clinician)
    live = live_wording("own_copy")
    new = publish_words(clinic, draft_of(live, uses="Other uses."), by=clinician)
    assert live_wording("own_copy") == new
    assert new.version == live.version + 1
    found = Grant.objects.get(pk=grant.pk)
    assert found.wording == live
    assert found.state == grant.state
    assert "Other uses" not in found.wording.uses
    live.refresh_from_db()
    assert live.retired_at is not None


def test_incomplete_words_are_not_published(clinic: Clinic, clinician: User) -> None:
    with pytest.raises(ConsentRefused) as refused:
        publish_words(clinic, draft_of(live_wording("own_copy"), storage=" "), by=clinician)
    assert refused.value.reason is RefusalReason.WORDING_INCOMPLETE
    assert told() == []


def test_words_are_retired_once(clinic: Clinic, clinician: User) -> None:
    live = live_wording("family", "es")
    retire_words(clinic, live, by=clinician)
    with pytest.raises(ConsentRefused):
        live_wording("family", "es")
    with pytest.raises(ConsentRefused) as refused:
        retire_words(clinic, live, by=clinician)
    assert refused.value.reason is RefusalReason.WORDING_NOT_LIVE
    assert next_version(live.purpose, "es") == live.version + 1


def test_words_that_several_clinics_share_are_changed_by_none_of_them(clinic: Clinic, clinician: User) -> None:
    a_clinic("Another clinic")
    live = live_wording("own_copy")
    for act in (
        lambda: publish_words(clinic, draft_of(live), by=clinician),
        lambda: retire_words(clinic, live, by=clinician),
    ):
        with pytest.raises(ConsentRefused):
            act()
    assert live_wording("own_copy") == live
