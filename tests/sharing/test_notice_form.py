"""One field takes an e-mail address or a number, of a way that has a sender."""

import pytest
from pytest_django import Settings

from sharing.notice_form import NoticeCodeForm, NoticeForm
from sharing.states import Channel

FILES = "sharing.senders.files.FileSender"


@pytest.fixture(autouse=True)
def senders(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": FILES, "sms": FILES}


@pytest.mark.parametrize(
    ("typed", "channel", "kept"),
    [
        (" rowan@example.net ", Channel.EMAIL, "rowan@example.net"),
        ("+44 1632 960123", Channel.SMS, "+441632960123"),
    ],
    ids=["email", "number"],
)
def test_it_works(typed: str, channel: Channel, kept: str) -> None:
    form = NoticeForm({"to": typed})
    assert form.is_valid()
    assert (form.channel, form.cleaned_data["to"]) == (channel, kept)


@pytest.mark.parametrize("typed", ["", "rowan@", "01632 960123", "x" * 300], ids=["none", "half", "no-country", "long"])
def test_what_is_neither_is_refused(typed: str) -> None:
    assert "to" in NoticeForm({"to": typed}).errors


def test_a_way_without_sender_is_refused(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": FILES}
    assert "the other one" in NoticeForm({"to": "+441632960123"}).errors["to"][0]


def test_a_code_needs_its_page() -> None:
    assert not NoticeCodeForm({"code": "WXYZ-BCDF"}).is_valid()
