"""On the page of her links she turns the message on, with a code, sees where it goes, and turns it off."""

import re

import pytest
from django.urls import reverse
from pytest_django import Settings

from sharing.models import Message, Notice
from sharing.states import Channel, MessageFault, MessageState
from tests.factories.sharing import Scene, code_sent, make_scene
from ultrasound_portal.patients.care import CareStatus, note_status

pytestmark = pytest.mark.django_db

LINKS, ASK, CONFIRM, OFF = (
    reverse(f"sharing:{name}") for name in ("her_links", "notice", "notice_confirm", "notice_off")
)
HERS = "rowan@example.net"


@pytest.fixture(autouse=True)
def senders(settings: Settings) -> None:
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")


def test_it_works(scene: Scene) -> None:
    browser = scene.open()
    assert "Shall we tell you?" in browser.get(LINKS).content.decode()
    page = browser.post(ASK, {"to": HERS}).content.decode()
    assert HERS not in page
    asked = re.search(r'name="asked" value="([\w-]+)"', page)
    assert asked
    assert "is not confirmed yet" in browser.get(LINKS).content.decode()
    answer = browser.post(CONFIRM, {"asked": asked[1], "code": "AAAA-AAAA"})
    assert answer.status_code == 422
    assert "does not fit" in answer.content.decode()
    assert browser.post(CONFIRM, {"asked": asked[1], "code": code_sent()})["Location"] == LINKS
    page = browser.get(LINKS).content.decode()
    assert "r…@example.net" in page
    assert HERS not in page
    browser.post(OFF)
    assert not Notice.objects.exists()
    assert "Send me a code" in browser.get(LINKS).content.decode()


def test_what_is_no_address_is_told_beside_the_field(scene: Scene) -> None:
    answer = scene.open().post(ASK, {"to": "nobody"})
    assert answer.status_code == 422
    assert "This is no e-mail address" in answer.content.decode()
    assert not Notice.objects.exists()


def test_a_code_that_could_not_be_sent_is_told(scene: Scene) -> None:
    browser = scene.open()
    browser.post(ASK, {"to": HERS})
    message = Message.objects.get()
    message.state, message.fault, message.ended_at = MessageState.FAILED, MessageFault.REFUSED, message.created_at
    message.save()
    assert "The code could not be sent" in browser.get(LINKS).content.decode()


def test_in_quiet_or_without_a_sender_it_is_not_offered(scene: Scene, settings: Settings) -> None:
    browser = scene.open()
    settings.MESSAGE_SENDERS = {}
    assert "Shall we tell you?" not in browser.get(LINKS).content.decode()
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender"}
    note_status(scene.patient, CareStatus.LOSS, actor=f"user:{scene.clinician.pk}")
    assert "Shall we tell you?" not in browser.get(LINKS).content.decode()


def test_a_guest_asks_for_nothing() -> None:
    guest = make_scene(purpose="family").open()
    assert [guest.post(address, {"to": HERS}).status_code for address in (ASK, CONFIRM, OFF)] == [404, 404, 404]
    assert not Notice.objects.exists()
