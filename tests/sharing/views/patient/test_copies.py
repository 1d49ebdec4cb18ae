"""She deletes her shared copies on her own page: told before, done at once, and made again when she asks."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Render
from sharing.models import Link
from tests.factories.renders import place_renders
from tests.factories.sharing import Scene, make_grant, make_link, make_scene

pytestmark = pytest.mark.django_db

COPIES, PICTURES, AGAIN = "sharing:copies", "sharing:pictures", "sharing:copies_again"


@pytest.fixture
def shared(db: None) -> Scene:
    scene = make_scene()
    place_renders(scene.instances[0])
    return scene


def guest_of(scene: Scene) -> Client:
    made = make_link(
        make_grant(scene.patient, scene.clinician, scene.study, purpose="family"), scene.study, scene.clinician
    )
    guest = Client()
    guest.post(reverse("sharing:open"), {"secret": made.secret, "code": made.code})
    return guest


def test_it_works(shared: Scene) -> None:
    guest, browser = guest_of(shared), shared.open()
    asked = browser.get(reverse(COPIES)).content.decode()
    assert "One open link ends" in asked
    assert "5 files made for sharing are deleted" in asked
    assert Render.objects.count() == 5
    done = browser.post(reverse(COPIES)).content.decode()
    assert "One link closed at this moment" in done
    assert "5 files made for sharing are gone" in done
    assert "Make new ones" in done
    assert not Render.objects.exists()
    assert guest.get(reverse(PICTURES)).status_code == 404
    page = browser.get(reverse(PICTURES)).content.decode()
    assert "<img" in page
    assert "You deleted the shapes for sharing" in page
    assert "being made" not in page


def test_what_is_out_is_told_before_and_after(shared: Scene) -> None:
    guest, browser = guest_of(shared), shared.open()
    address = reverse("sharing:picture", args=[shared.file().pk])
    guest.get(f"{address}?download=1").getvalue()
    for answer in (browser.get(reverse(COPIES)), browser.post(reverse(COPIES))):
        assert "no button here can call them back" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_new_ones_are_made_when_she_asks_and_the_page_waits_for_them() -> None:
    scene = make_scene()
    browser = scene.open()
    browser.post(reverse(COPIES))
    assert browser.post(reverse(AGAIN))["Location"] == reverse(PICTURES)
    page = browser.get(reverse(PICTURES)).content.decode()
    assert "More shapes are being made: 0 of 1 ready" in page
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page


def test_a_guest_deletes_nothing() -> None:
    guest = make_scene(purpose="family")
    browser = guest.open()
    assert [browser.get(reverse(COPIES)).status_code, browser.post(reverse(COPIES)).status_code] == [404, 404]
    assert browser.post(reverse(AGAIN)).status_code == 404
    assert Link.objects.filter(revoked_at=None).exists()


def test_two_tabs_and_one_deletion(shared: Scene) -> None:
    first, second = shared.open(), shared.open()
    assert first.post(reverse(COPIES)).status_code == 200
    assert "0 files made for sharing are gone" in second.post(reverse(COPIES)).content.decode()
