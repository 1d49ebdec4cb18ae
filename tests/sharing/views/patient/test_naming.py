"""“I can see my name”: whoever looks says it with one tap, and the picture is gone for everybody."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.clinics import make_staff
from tests.factories.sharing import Scene, make_scene
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


def told(scene: Scene, browser: Client) -> tuple[int, str]:
    answer = browser.post(reverse("sharing:name_seen", args=[scene.file().pk]))
    return answer.status_code, answer.content.decode()


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(("purpose", "words"), [("own_copy", "shown to you"), ("family", "the person who was scanned")])
def test_it_works(purpose: str, words: str) -> None:
    scene = make_scene(pictures=2, purpose=purpose)
    browser = scene.open()
    status, page = told(scene, browser)
    assert status == 200
    assert "nobody can open that picture" in page
    assert words in page
    assert browser.get(reverse("sharing:picture", args=[scene.file().pk])).status_code == 404
    desk = Client()
    desk.force_login(make_staff(scene.clinic, Role.SONOGRAPHER))
    worklist = desk.get(reverse("deid:worklist")).content.decode()
    assert "Needs you" in worklist
    assert "A name was seen" in desk.get(reverse("deid:study", args=[scene.study.pk])).content.decode()


def test_only_what_the_link_gives_can_be_named(scene: Scene) -> None:
    other = make_scene()
    browser = scene.open()
    for key in (other.file().pk, uuid4()):
        assert browser.post(reverse("sharing:name_seen", args=[key])).status_code == 404
    other.instances[0].refresh_from_db()
    assert other.instances[0].state == "released"


def test_it_needs_a_visit_and_a_form(scene: Scene) -> None:
    address = reverse("sharing:name_seen", args=[scene.file().pk])
    assert Client().post(address).status_code == 404
    assert scene.open().get(address).status_code == 405
    scene.instances[0].refresh_from_db()
    assert scene.instances[0].state == "released"


def test_a_second_tap_meets_the_closed_page(scene: Scene) -> None:
    browser = scene.open()
    assert told(scene, browser)[0] == 200
    assert told(scene, browser)[0] == 404
