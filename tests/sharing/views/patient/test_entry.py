"""The door and the way out."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sharing import tokens
from sharing.models import Link, Message, Opening
from sharing.services.links import NewLink, revoke_links
from sharing.views.patient.session import VISIT
from tests.factories.sharing import ADDRESS, Scene, code_sent, make_link, make_sent_link
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_it_works(scene: Scene) -> None:
    browser = Client()
    answer = browser.post(reverse("sharing:open"), {"secret": scene.secret, "code": scene.code})
    assert (answer.status_code, answer["Location"]) == (302, reverse("sharing:pictures"))
    assert browser.get(answer["Location"]).status_code == 200


def test_the_cookie_is_the_visitors_own(scene: Scene) -> None:
    cookie = scene.open().cookies[VISIT.cookie]
    assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == ("/v/", "Strict", True)
    assert not Opening.objects.filter(session_hash=cookie.value).exists()
    assert Opening.objects.filter(session_hash=tokens.secret_hash(cookie.value)).exists()


@pytest.mark.requirement("R44")
def test_looking_at_the_door_changes_nothing(scene: Scene) -> None:
    """Chat programs fetch addresses; a look counts no opening, sets no cookie and is the same for everybody."""
    first, second = Client().get(reverse("sharing:entry")), scene.open().get(reverse("sharing:entry"))
    assert first.content == second.content
    assert not first.cookies
    assert not Entry.objects.filter(event=Event.LINK_REFUSED).exists()
    scene.link.refresh_from_db()
    assert scene.link.openings == 1


@pytest.mark.parametrize("given", ["secret", "link", "spaces"])
def test_the_whole_link_may_be_pasted(scene: Scene, given: str) -> None:
    typed = {
        "secret": scene.secret,
        "link": f"https://portal.example/v/#{scene.secret}",
        "spaces": f"  {scene.secret}\n",
    }[given]
    answer = Client().post(reverse("sharing:open"), {"secret": typed, "code": scene.code})
    assert answer.status_code == 302


@pytest.mark.requirement("R43")
@pytest.mark.parametrize("missing", ["secret", "code"])
@pytest.mark.parametrize("given", ["", "wrong", "x" * 600])
def test_one_secret_alone_opens_nothing(scene: Scene, missing: str, given: str) -> None:
    both = {"secret": scene.secret, "code": scene.code, missing: given}
    browser = Client()
    answer = browser.post(reverse("sharing:open"), both)
    assert answer.status_code == 404
    assert "This page is closed" in answer.content.decode()
    assert not browser.cookies
    assert Entry.objects.filter(event=Event.LINK_REFUSED).exists()


def test_every_closed_door_looks_alike_and_lets_her_type_the_code_again(scene: Scene) -> None:
    """A slip of the finger does not send her back to look for her link."""
    secrets = [scene.secret, tokens.new_secret()]
    pages = [Client().post(reverse("sharing:open"), {"secret": s, "code": "2222-2222"}).content for s in secrets]
    assert pages[0].replace(secrets[0].encode(), b"") == pages[1].replace(secrets[1].encode(), b"")
    assert f'name="secret" value="{scene.secret}"'.encode() in pages[0]


@pytest.fixture
def sent(scene: Scene, settings: Settings) -> NewLink:
    return make_sent_link(scene, settings)


def ask(secret: str) -> HttpResponse:
    return Client().post(reverse("sharing:code"), {"secret": secret}, REMOTE_ADDR=ADDRESS)


@pytest.mark.requirement("R43")
def test_a_code_that_was_sent_opens_the_page_that_asked_for_it(sent: NewLink) -> None:
    page = ask(sent.secret)
    typed = {"secret": sent.secret, "asked": page.context["asked"], "code": code_sent()}
    assert page.status_code == 200
    assert Client().post(reverse("sharing:open"), {**typed, "asked": "another page"}).status_code == 404
    assert Client().post(reverse("sharing:open"), typed).status_code == 302
    assert Client().post(reverse("sharing:open"), typed).status_code == 404  # single use


def test_the_answer_to_who_asks_tells_nothing(scene: Scene, sent: NewLink) -> None:
    """A link that sends codes, one that does not, a revoked one and one that never was are answered alike."""
    revoked = make_link(scene.grant, scene.study, scene.clinician)
    revoke_links(Link.objects.filter(pk=revoked.link.pk), actor="system:test")
    answers = []
    for secret in (sent.secret, scene.secret, revoked.secret, tokens.new_secret()):
        answer = ask(secret)
        shown = answer.content.replace(secret.encode(), b"").replace(answer.context["asked"].encode(), b"")
        answers.append((answer.status_code, shown, dict(answer.items())))
    assert all(answer == answers[0] for answer in answers)
    assert Message.objects.count() == 1
    reasons = Entry.objects.filter(event=Event.LINK_REFUSED).values_list("detail__reason", flat=True)
    assert set(reasons) == {"no_code_to_send", "revoked", "unknown"}


def test_asking_by_address_or_from_another_site_sends_nothing(sent: NewLink) -> None:
    assert Client().get(reverse("sharing:code"))["Location"] == reverse("sharing:entry")
    Client().post(reverse("sharing:code"), {"secret": sent.secret}, headers={"Sec-Fetch-Site": "cross-site"})
    assert not Message.objects.exists()


def test_a_form_on_another_site_opens_nothing(scene: Scene) -> None:
    answer = Client().post(
        reverse("sharing:open"),
        {"secret": scene.secret, "code": scene.code},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 404


def test_opening_by_address_leads_back_to_the_door() -> None:
    assert Client().get(reverse("sharing:open"))["Location"] == reverse("sharing:entry")


def test_the_closed_page_names_no_clinic(scene: Scene) -> None:
    text = Client().get(reverse("sharing:pictures")).content.decode()
    assert scene.clinic.name not in text
    assert "call the clinic" in text


@pytest.mark.requirement("R45")
def test_leaving_ends_the_visit_and_clears_the_browser(scene: Scene) -> None:
    browser = scene.open()
    answer = browser.post(reverse("sharing:leave"))
    assert answer.status_code == 200
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.cookies[VISIT.cookie].value == ""
    assert Opening.objects.get().ended_at is not None
    assert browser.get(reverse("sharing:pictures")).status_code == 404


def test_leaving_needs_a_form_of_this_site(scene: Scene) -> None:
    browser = scene.open()
    assert browser.get(reverse("sharing:leave")).status_code == 405
    browser.post(reverse("sharing:leave"), headers={"Sec-Fetch-Site": "cross-site"})
    assert Opening.objects.get().ended_at is None


def test_it_works_from_every_page_with_a_visit_or_without(settings: Settings) -> None:
    settings.LEAVE_TO = "https://weather.example/"
    stranger = Client(enforce_csrf_checks=True)
    door = stranger.get(reverse("sharing:entry")).content.decode()
    assert f'action="{reverse("sharing:leave")}"' in door
    answer = stranger.post(reverse("sharing:leave"))
    assert (answer.status_code, answer["Refresh"]) == (200, "0; url=https://weather.example/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Entry.objects.filter(event=Event.LINK_LEFT).exists()


def test_where_it_leads_tells_nothing(scene: Scene) -> None:
    answer = scene.open().post(reverse("sharing:leave"))
    assert "Refresh" not in answer
    text = answer.content.decode().lower()
    assert not any(word in text for word in (scene.clinic.name.lower(), "scan", "baby", "clinic"))
