"""A way of the second secret is offered with its sender, and asks for a contact that fits it."""

import pytest
from django import forms
from pytest_django import Settings

from sharing.states import SecondSecret
from sharing.way_fields import check_the_way, contact_field, second_secret_field, way_of


class WayForm(forms.Form):
    second_secret = second_secret_field()
    contact = contact_field()


@pytest.fixture(autouse=True)
def _mail_alone(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender", "sms": ""}


def test_only_ways_with_a_sender_are_offered() -> None:
    field = WayForm()["second_secret"]
    assert [choice.data["value"] for choice in field] == ["card", "email"]


@pytest.mark.parametrize(
    ("way", "contact", "fits"),
    [
        ("", "", True),
        ("card", "", True),
        ("email", "", False),
        ("email", "rowan", False),
        ("email", "a@b.example", True),
    ],
    ids=["nothing said", "card", "no address", "half an address", "address"],
)
def test_codes_need_a_contact_that_fits(way: str, contact: str, fits: bool) -> None:
    form = WayForm({"second_secret": way, "contact": contact})
    assert form.is_valid()
    check_the_way(form, form.cleaned_data)
    assert form.is_valid() is fits


def test_the_card_is_what_is_meant_where_nothing_is_said() -> None:
    assert way_of({}) is SecondSecret.CARD
    assert way_of({"second_secret": "sms"}) is SecondSecret.SMS
