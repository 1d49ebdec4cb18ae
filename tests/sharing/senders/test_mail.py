"""E-mail goes through a real server, and a failure says whether another try is of use."""

from base64 import b64encode
from uuid import UUID

import pytest
from pytest_django import Settings

from sharing.messages import Text
from sharing.senders.mail import MailSender
from sharing.senders.sender import NotSent
from tests.sharing.senders.conftest import Peer

KEY = UUID("11111111-2222-4333-8444-555555555555")
TEXT = Text("Your code", "Your code is WXYZ-BCDF.")
TO = "rowan@example.net"


@pytest.fixture(autouse=True)
def post(settings: Settings, mail_server: Peer) -> Peer:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", mail_server.port, False
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.org"
    return mail_server


def test_a_message_arrives_and_names_no_machine(post: Peer) -> None:
    MailSender().send(key=KEY, to=TO, text=TEXT)
    (arrived,) = post.heard
    assert "WXYZ-BCDF" in arrived
    assert f"Message-ID: <{KEY}@example.org>" in arrived
    assert "From: no-reply@example.org" in arrived
    assert "Auto-Submitted: auto-generated" in arrived


@pytest.mark.parametrize(("answer", "final"), [(550, True), (450, False)])
def test_a_refused_address_is_final_only_where_the_server_says_so(post: Peer, answer: int, final: bool) -> None:
    post.answer = answer
    with pytest.raises(NotSent) as failed:
        MailSender().send(key=KEY, to=TO, text=TEXT)
    assert failed.value.final is final
    assert TO not in str(failed.value)
    assert failed.value.__cause__ is None


def test_a_server_that_is_away_is_asked_again(settings: Settings) -> None:
    settings.EMAIL_PORT = 1
    with pytest.raises(NotSent) as failed:
        MailSender().send(key=KEY, to=TO, text=TEXT)
    assert not failed.value.final


def test_an_address_with_a_second_header_in_it_goes_nowhere(post: Peer) -> None:
    with pytest.raises(NotSent) as failed:
        MailSender().send(key=KEY, to="a@example.net\nBcc: b@example.net", text=TEXT)
    assert failed.value.final
    assert post.heard == []


def test_a_pdf_goes_with_it_under_a_plain_name(post: Peer) -> None:
    MailSender().send(key=KEY, to=TO, text=Text("The copy", "It is attached.", b"%PDF-1.7 hers"))
    (arrived,) = post.heard
    assert 'filename="answers.pdf"' in arrived
    assert b64encode(b"%PDF-1.7 hers").decode() in arrived
