"""On a locked shelf she decides at once, is back on her page with it unlocked, and leaves both with one button."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from consent.models import CapacityRule, Grant
from consent.states import Basis, GrantState
from tests.factories.sharing import Scene, make_scene
from tests.triggers import without_triggers

pytestmark = pytest.mark.django_db

SHELF, HERE = reverse("sharing:purpose", args=["family"]), reverse("sharing:decide_here", args=["family"])
QUESTIONS = reverse("sharing:decide")


def say_yes(browser: Client) -> None:
    page = browser.get(QUESTIONS)
    until = timezone.localdate() + timedelta(days=60)
    said = {
        "shown": page.context["form"]["shown"].value(),
        "answer_family": "permit",
        "until_family": until.isoformat(),
        "name": "Anna Testwoman",
        "step": "record",
    }
    assert browser.post(QUESTIONS, said).status_code == 302


@pytest.mark.requirement("R10")
def test_it_works(scene: Scene) -> None:
    browser = scene.open()
    assert "Decide now" in browser.get(SHELF).content.decode()
    assert browser.post(HERE)["Location"] == QUESTIONS
    say_yes(browser)
    done = browser.get(reverse("sharing:decided")).content.decode()
    assert "Back to your pictures" in done
    assert Grant.objects.get(purpose_id="family").state == GrantState.ACTIVE
    assert "Make a link for your family" in browser.get(SHELF).content.decode()


def test_leaving_the_question_leaves_her_page_as_well(scene: Scene) -> None:
    browser = scene.open()
    browser.post(HERE)
    browser.post(reverse("sharing:decide_leave"))
    assert browser.get(reverse("sharing:pictures")).status_code == 404
    assert browser.get(QUESTIONS).status_code == 404


def test_where_she_may_not_she_is_told_whom_to_ask(scene: Scene) -> None:
    with without_triggers():
        CapacityRule.objects.filter(basis=Basis.ADULT).update(from_afar=False)
    browser = scene.open()
    page = browser.get(SHELF).content.decode()
    assert "Decide now" not in page
    assert scene.clinic.contact in page
    assert "Please ask the clinic" in browser.post(HERE, follow=True).content.decode()


def test_a_guest_and_an_unknown_shelf_decide_nothing(scene: Scene) -> None:
    guest = make_scene(purpose="family").open()
    assert guest.post(HERE).status_code == 404
    assert scene.open().post(reverse("sharing:decide_here", args=["gossip"])).status_code == 404
