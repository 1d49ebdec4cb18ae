"""Addresses and numbers are checked, brought into one form, and sealed with their link."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from sharing.contacts import checked_contact, contact_of
from sharing.models import Link
from sharing.states import Channel, SecondSecret
from tests.factories.sharing import Scene, make_sent_link
from ultrasound_portal.patients.services import forget
from ultrasound_portal.vault.errors import Destroyed


@pytest.mark.parametrize(
    "typed", ["+44 1632 960123", "0044 1632-960123", "+44 (1632) 960\u2013123", " +441632960123 "], ids=range(4)
)
def test_a_number_is_brought_into_one_form(typed: str) -> None:
    assert checked_contact(typed, Channel.SMS) == "+441632960123"


@pytest.mark.parametrize(
    ("typed", "channel"),
    [
        ("01632 960123", Channel.SMS),
        ("+44", Channel.SMS),
        ("+4416329601231234567", Channel.SMS),
        ("+44\u0661\u0662\u0663\u0664\u0665\u0666\u0667", Channel.SMS),
        ("", Channel.SMS),
        ("rowan", Channel.EMAIL),
        ("a@example.net\nBcc: b@example.net", Channel.EMAIL),
        ("a@example.net, b@example.net", Channel.EMAIL),
    ],
    ids=range(8),
)
def test_what_leads_nowhere_is_refused(typed: str, channel: Channel) -> None:
    with pytest.raises(ValidationError):
        checked_contact(typed, channel)


@pytest.mark.django_db
def test_a_contact_is_sealed_and_goes_with_the_patient(scene: Scene, settings: Settings) -> None:
    link = make_sent_link(scene, settings, SecondSecret.SMS).link
    assert b"1632" not in bytes(link.contact_sealed)
    assert contact_of(Link.objects.get(pk=link.pk)) == "+441632960123"
    with pytest.raises(ValueError, match="sends no codes"):
        contact_of(scene.link)
    forget(scene.patient, actor="system:test")
    with pytest.raises(Destroyed):
        contact_of(link)
