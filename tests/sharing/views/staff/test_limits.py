"""The administrator's page of limits."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.services.limits import limits_of
from tests.factories.clinics import make_staff
from tests.factories.sharing import Scene
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
PAGE = "sharing:limits"


@pytest.fixture
def administrator(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(make_staff(scene.clinic, role=Role.ADMINISTRATOR))
    return browser


def test_limits_are_changed_and_their_versions_shown(scene: Scene, administrator: Client) -> None:
    assert "none lives longer than 90" in administrator.get(reverse(PAGE)).content.decode()
    answer = administrator.post(reverse(PAGE), {"usual_days": "3", "longest_days": "7"}, follow=True)
    page = answer.content.decode()
    assert "Saved" in page
    assert "1 link ended earlier" in page
    assert "Version 1: 3 proposed, 7 at most" in page
    assert limits_of(scene.clinic.pk).longest.days == 7


def test_nonsense_changes_nothing(scene: Scene, administrator: Client) -> None:
    answer = administrator.post(reverse(PAGE), {"usual_days": "30", "longest_days": "7"})
    assert answer.status_code == 422
    assert "Propose no more days" in answer.content.decode()
    assert limits_of(scene.clinic.pk).version == 0


def test_it_is_the_administrators_page(scene: Scene, administrator: Client) -> None:
    clinician = Client()
    clinician.force_login(scene.clinician)
    assert clinician.post(reverse(PAGE), {"usual_days": "3", "longest_days": "7"}).status_code == 403
    assert reverse(PAGE) not in clinician.get(reverse("sharing:attention")).content.decode()
    assert reverse(PAGE) in administrator.get(reverse("sharing:attention")).content.decode()
