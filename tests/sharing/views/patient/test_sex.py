"""She opens what may tell the sex for herself, for the family and for social media, each on its own."""

import pytest
from django.urls import reverse

from sharing.services.sex_wishes import wanted_purposes
from tests.factories.sharing import Scene, make_grant, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def telling(db: None) -> Scene:
    scene = make_scene(tells_sex=True, sex_wanted=False)
    make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    return scene


def test_it_works(telling: Scene) -> None:
    browser = telling.open()
    page = browser.get(reverse("sharing:sex")).content.decode()
    assert "checked" not in page
    assert browser.post(reverse("sharing:sex"), {"own_copy": "yes"}).status_code == 302
    assert wanted_purposes(telling.study.pk) == {"own_copy"}
    assert browser.get(reverse("sharing:sex")).content.decode().count(" checked") == 1
    assert "may tell the sex. Show it?" in browser.get(reverse("sharing:pictures")).content.decode()


def test_a_box_without_its_tick_closes_again(telling: Scene) -> None:
    browser = telling.open()
    browser.post(reverse("sharing:sex"), {"own_copy": "yes", "family": "yes"})
    assert browser.get(reverse("sharing:picture", args=[telling.file().pk])).status_code == 200
    browser.post(reverse("sharing:sex"), {"family": "yes"})
    assert wanted_purposes(telling.study.pk) == {"family"}
    assert browser.get(reverse("sharing:picture", args=[telling.file().pk])).status_code == 404


@pytest.mark.parametrize("value", ["on", "true", "1", "no", ""])
def test_only_a_plain_yes_opens(telling: Scene, value: str) -> None:
    telling.open().post(reverse("sharing:sex"), {"own_copy": value, "gossip": "yes"})
    assert wanted_purposes(telling.study.pk) == frozenset()
