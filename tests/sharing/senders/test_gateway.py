"""Text messages go through a real gateway; what it answers decides about another try."""

import json
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from sharing.messages import Text
from sharing.senders.gateway import GatewaySender
from sharing.senders.sender import NotSent
from tests.sharing.senders.conftest import Peer

KEY = UUID("11111111-2222-4333-8444-555555555555")
TEXT = Text("Your code", "Your code is WXYZ-BCDF.")
TO = "+441632960123"


@pytest.fixture(autouse=True)
def post(settings: Settings, gateway: Peer) -> Peer:
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{gateway.port}/send?fast=1"
    settings.SMS_GATEWAY_TOKEN, settings.SMS_GATEWAY_FROM = "token-of-the-test", "Notice"
    return gateway


def test_a_message_arrives_with_its_token_and_its_key(post: Peer) -> None:
    GatewaySender().send(key=KEY, to=TO, text=TEXT)
    said = json.loads(post.heard[0])
    assert said["path"] == "/send?fast=1"
    assert said["body"] == {"to": TO, "from": "Notice", "text": TEXT.body}
    assert said["headers"]["Authorization"] == "Bearer token-of-the-test"
    assert said["headers"]["Idempotency-Key"] == str(KEY)


@pytest.mark.parametrize(("answer", "final"), [(400, True), (404, True), (429, False), (503, False), (302, False)])
def test_an_answer_decides_about_another_try(post: Peer, answer: int, final: bool) -> None:
    post.answer = answer
    with pytest.raises(NotSent) as failed:
        GatewaySender().send(key=KEY, to=TO, text=TEXT)
    assert failed.value.final is final
    assert len(post.heard) == 1  # a redirection is not followed


def test_a_gateway_that_is_away_is_asked_again(settings: Settings) -> None:
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:1/"
    with pytest.raises(NotSent) as failed:
        GatewaySender().send(key=KEY, to=TO, text=TEXT)
    assert not failed.value.final


@pytest.mark.parametrize("address", ["", "ftp://gateway.example/", "http://gateway.example/send"])
def test_an_address_without_tls_is_refused_but_on_this_machine(settings: Settings, address: str) -> None:
    settings.SMS_GATEWAY_URL = address
    with pytest.raises(ImproperlyConfigured):
        GatewaySender()


def test_over_tls_the_certificate_is_checked(settings: Settings, post: Peer) -> None:
    settings.SMS_GATEWAY_URL = f"https://127.0.0.1:{post.port}/"
    with pytest.raises(NotSent) as failed:  # the peer of the test speaks no TLS
        GatewaySender().send(key=KEY, to=TO, text=TEXT)
    assert not failed.value.final
    assert post.heard == []
