"""Staff are told of guessing and of messages that did not go, and give a link a fresh start."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from sharing.models import Link, Message
from sharing.states import MessageFault, MessageState
from tests.factories.sharing import Scene, make_message, make_scene, make_sent_link
from ultrasound_portal.patients.services import display_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def fail(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED, fault=MessageFault.REFUSED, ended_at=timezone.now()
    )


@pytest.mark.requirement("R39")
def test_guessing_and_what_did_not_go_are_told(scene: Scene, desk: Client) -> None:
    page = desk.get(reverse("sharing:attention")).content.decode()
    assert "Nobody has been guessing" in page
    assert "Every message went" in page
    for _ in range(5):
        Client().post(reverse("sharing:open"), {"secret": scene.secret, "code": "2222-2222"})
    fail(make_message(scene, link=True))
    fail(make_message(scene))
    page = desk.get(reverse("sharing:attention")).content.decode()
    assert page.count(display_name(scene.patient)) == 3
    assert re.search(r'"Wrong codes">5<.*\n.*"Rests until">\d\d:\d\d<', page)
    assert MessageFault.REFUSED.label in page
    listing = desk.get(reverse("sharing:links", args=[scene.study.pk])).content.decode()
    assert "5 wrong codes" in listing
    assert "Rests until" in listing
    assert "The last code could not be sent" in listing


def test_another_clinics_links_and_messages_are_not_told(scene: Scene, desk: Client) -> None:
    other = make_scene()
    fail(make_message(other))
    Link.objects.filter(pk=other.link.pk).update(failed_attempts=9)
    page = desk.get(reverse("sharing:attention")).content.decode()
    assert "Nobody has been guessing" in page
    assert "Every message went" in page
    assert desk.post(reverse("sharing:code_reissue", args=[other.link.pk])).status_code == 404


def test_a_fresh_code_is_shown_once(scene: Scene, desk: Client) -> None:
    page = desk.post(reverse("sharing:code_reissue", args=[scene.link.pk])).content.decode()
    found = re.search(r'id="code">([\w-]+)<', page)
    assert found is not None
    answer = Client().post(reverse("sharing:open"), {"secret": scene.secret, "code": found.group(1)})
    assert answer.status_code == 302


def test_a_link_that_sends_codes_shows_none(scene: Scene, desk: Client, settings: Settings) -> None:
    made = make_sent_link(scene, settings)
    answer = desk.post(reverse("sharing:code_reissue", args=[made.link.pk]), follow=True)
    assert "Wrong tries are forgotten" in answer.content.decode()
