"""The door and the way out."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing import tokens
from sharing.models import Opening
from sharing.views.patient.session import COOKIE
from tests.factories.sharing import Scene
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def test_it_works(scene: Scene) -> None:
    browser = Client()
    answer = browser.post(reverse("sharing:open"), {"secret": scene.secret, "code": scene.code})
    assert (answer.status_code, answer["Location"]) == (302, reverse("sharing:pictures"))
    assert browser.get(answer["Location"]).status_code == 200


def test_the_cookie_is_the_visitors_own(scene: Scene) -> None:
    cookie = scene.open().cookies[COOKIE]
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
    assert answer.content == Client().get(reverse("sharing:pictures")).content
    assert not browser.cookies
    assert Entry.objects.filter(event=Event.LINK_REFUSED).exists()


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
    assert answer.cookies[COOKIE].value == ""
    assert Opening.objects.get().ended_at is not None
    assert browser.get(reverse("sharing:pictures")).status_code == 404


def test_leaving_needs_a_form(scene: Scene) -> None:
    assert scene.open().get(reverse("sharing:leave")).status_code == 405
    guarded = Client(enforce_csrf_checks=True)
    scene.open(guarded)
    assert guarded.post(reverse("sharing:leave")).status_code == 403
