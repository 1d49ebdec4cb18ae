"""A site switches on purposes from the command line."""

import uuid
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consent.offers import offered_purposes
from tests.consent.cast import a_clinic
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


def say(*arguments: str) -> str:
    out = StringIO()
    call_command("offer_purpose", *arguments, stdout=out)
    return out.getvalue()


def offers(clinic: Clinic, purpose: str = "social_media") -> bool:
    return offered_purposes(clinic).filter(pk=purpose).exists()


@pytest.mark.requirement("R13")
def test_it_works(clinic: Clinic) -> None:
    other = a_clinic("Hillside Ultrasound")
    told = say("social_media", "--clinic", str(clinic.pk))
    assert told == "Social media: switched on for 1, was on already for 0.\n"
    assert offers(clinic)
    assert not offers(other)


def test_every_clinic_at_once_and_again(clinic: Clinic) -> None:
    other = a_clinic("Hillside Ultrasound")
    say("social_media", "--clinic", str(clinic.pk))
    assert say("social_media", "--all-clinics") == "Social media: switched on for 1, was on already for 1.\n"
    assert say("social_media", "--all-clinics") == "Social media: switched on for 0, was on already for 2.\n"
    assert offers(clinic)
    assert offers(other)


def test_an_unknown_purpose_names_the_known_ones(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match="own_copy, family, social_media"):
        say("billboard", "--all-clinics")


def test_an_unknown_clinic_says_what_to_do(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match="--all-clinics"):
        say("social_media", "--clinic", str(uuid.uuid4()))


def test_a_place_must_be_named(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match="required"):
        say("social_media")


def test_a_clinic_stops_asking_and_asks_again(clinic: Clinic) -> None:
    told = say("teaching", "--clinic", str(clinic.pk), "--off")
    assert told == "Teaching: switched off for 1, was off already for 0.\n"
    assert not offers(clinic, "teaching")
    assert say("teaching", "--clinic", str(clinic.pk)) == "Teaching: switched on for 1, was on already for 0.\n"
    assert offers(clinic, "teaching")
