"""Staff read how a patient wishes to be met, and set it; another clinic's staff do not."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.services.sex_wishes import wanted_purposes
from tests.factories.clinics import make_staff
from tests.factories.sharing import Scene
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.patients.care import CareStatus, care_of, is_quiet, note_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(make_staff(scene.clinic, Role.SONOGRAPHER))
    return browser


def page_of(scene: Scene) -> str:
    return reverse("sharing:care", args=[scene.study.pk])


def test_it_works(scene: Scene, desk: Client) -> None:
    assert "Nothing has been noted" in desk.get(page_of(scene)).content.decode()
    answer = desk.post(page_of(scene), {"status": "loss"}, follow=True)
    assert answer.redirect_chain == [(reverse("deid:study", args=[scene.study.pk]), 302)]
    assert "A loss:" in answer.content.decode()
    assert "No message goes out to her" in answer.content.decode()
    assert care_of(scene.patient).status is CareStatus.LOSS
    assert "A loss, since" in desk.get(page_of(scene)).content.decode()
    desk.post(page_of(scene), {"status": "continuing"})
    assert not is_quiet(scene.patient.pk)
    assert "A loss" not in desk.get(reverse("deid:study", args=[scene.study.pk])).content.decode()


@pytest.mark.parametrize("status", ["", "sleeping", "QUIET"])
def test_an_unknown_status_changes_nothing(scene: Scene, desk: Client, status: str) -> None:
    assert desk.post(page_of(scene), {"status": status}).status_code == 422
    assert care_of(scene.patient).noted_at is None


def test_what_she_said_herself_is_told_apart(scene: Scene, desk: Client) -> None:
    note_status(scene.patient, CareStatus.NOT_SAID, actor=f"link:{scene.link.pk}")
    assert "said by her on her own page" in desk.get(page_of(scene)).content.decode()


def test_another_clinic_sees_no_patient(scene: Scene) -> None:
    stranger = Client()
    stranger.force_login(make_staff())
    assert stranger.get(page_of(scene)).status_code == 404
    assert stranger.post(page_of(scene), {"status": "loss"}).status_code == 404
    assert not is_quiet(scene.patient.pk)


def test_her_word_about_the_sex_is_noted_for_each_use(scene: Scene, desk: Client) -> None:
    page = desk.get(page_of(scene)).content.decode()
    assert page.count('type="checkbox"') == 2
    desk.post(page_of(scene), {"about": "sex", "family": "yes"})
    assert wanted_purposes(scene.study.pk) == {"family"}
    assert desk.get(page_of(scene)).content.decode().count(" checked") == 2  # and the care status
    desk.post(page_of(scene), {"about": "sex"})
    assert wanted_purposes(scene.study.pk) == frozenset()
    assert care_of(scene.patient).noted_at is None
