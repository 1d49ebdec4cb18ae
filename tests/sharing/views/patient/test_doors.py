"""Both doors of a visitor are met alike: the closed page keeps what was typed, and a code can be asked for again."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sharing.briefs import Brief
from sharing.models import Message
from sharing.states import Channel, SecondSecret
from tests.factories.sharing import Scene, code_sent, make_invitation, make_invitations

pytestmark = pytest.mark.django_db

DOORS = {
    "link": ("sharing:entry", "sharing:open", "sharing:code"),
    "invitation": ("sharing:decide_door", "sharing:decide_open", "sharing:decide_code"),
}


@pytest.mark.parametrize("door", DOORS)
def test_looking_leads_to_the_door_and_a_wrong_code_keeps_the_link(scene: Scene, door: str) -> None:
    page, opens, code = DOORS[door]
    secret = scene.secret if door == "link" else make_invitation(scene).secret
    browser = Client()
    for name in (opens, code):
        assert browser.get(reverse(name))["Location"] == reverse(page)
    closed = browser.post(reverse(opens), {"secret": secret, "code": "XXXX-XXXX"})
    text = closed.content.decode()
    assert closed.status_code == 404
    assert f'action="{reverse(opens)}"' in text
    assert f'formaction="{reverse(code)}"' in text
    assert secret in text


@pytest.mark.parametrize("door", DOORS)
def test_another_site_opens_nothing(scene: Scene, door: str) -> None:
    _, opens, code = DOORS[door]
    made = make_invitation(scene)
    given = (
        {"secret": scene.secret, "code": scene.code} if door == "link" else {"secret": made.secret, "code": made.code}
    )
    for name in (opens, code):
        answer = Client().post(reverse(name), given, headers={"Sec-Fetch-Site": "cross-site"})
        assert not answer.cookies


@pytest.mark.requirement("R43")
def test_an_invitation_is_opened_with_a_code_by_text_message(scene: Scene, settings: Settings) -> None:
    settings.MESSAGE_SENDERS = dict.fromkeys(Channel.values, "sharing.senders.files.FileSender")
    brief = Brief(contact="+441632960123")
    (made,) = make_invitations(scene, brief=brief, second_secret=SecondSecret.SMS)
    browser = Client()
    assert reverse("sharing:decide_code") in browser.get(reverse("sharing:decide_door")).content.decode()
    page = browser.post(reverse("sharing:decide_code"), {"secret": made.secret})
    given = {"secret": made.secret, "asked": page.context["asked"], "code": code_sent()}
    assert f'action="{reverse("sharing:decide_open")}"' in page.content.decode()
    assert browser.post(reverse("sharing:decide_open"), given)["Location"] == reverse("sharing:decide")
    assert browser.get(reverse("sharing:decide")).status_code == 200
    unknown = browser.post(reverse("sharing:decide_code"), {"secret": "unknown"})
    assert unknown.status_code == 200
    assert Message.objects.count() == 1
