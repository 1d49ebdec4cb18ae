"""Staff invite a patient to decide at home."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.models import Invitation
from tests.factories.clinics import make_staff
from tests.factories.sharing import Scene, make_invitation, make_scene, unrelease
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(scene: Scene) -> Client:
    browser = Client()
    browser.force_login(scene.clinician)
    return browser


def asked(**changes: object) -> dict[str, object]:
    until = (timezone.localdate() + timedelta(days=5)).isoformat()
    return {"ask": ["own_copy", "family"], "language": "es", "until": until, **changes}


def test_the_card_is_shown_once_in_her_language(scene: Scene, desk: Client) -> None:
    where = reverse("sharing:invite", args=[scene.study.pk])
    assert " checked" not in desk.get(where).content.decode()
    card = desk.post(where, asked()).content.decode()
    assert "Decida sobre las imágenes de su ecografía" in card
    made = Invitation.objects.get()
    assert made.asked == ["own_copy", "family"]
    assert made.language == "es"
    assert f"{reverse('sharing:decide_door')}#" in card
    again = desk.get(where).content.decode()
    assert "An invitation is open" in again
    assert "#" not in again.split("An invitation is open")[1].split("</section>")[0]


@pytest.mark.parametrize(
    "changes",
    [{"ask": []}, {"until": "2020-01-01"}, {"until": "2999-01-01"}, {"language": "xx"}, {"ask": ["consult"]}],
    ids=["nothing asked", "past", "too far", "no language", "no recipient"],
)
def test_what_makes_no_sense_is_marked(scene: Scene, desk: Client, changes: dict[str, object]) -> None:
    page = desk.post(reverse("sharing:invite", args=[scene.study.pk]), asked(**changes))
    assert page.status_code == 422
    assert "The invitation is not made yet" in page.content.decode()
    assert not Invitation.objects.exists()


def test_a_recipient_that_was_checked_is_kept(scene: Scene, desk: Client) -> None:
    named = asked(ask=["consult"], recipient_consult="Dr Linden", verified_consult="known")
    assert desk.post(reverse("sharing:invite", args=[scene.study.pk]), named).status_code == 200
    assert Invitation.objects.get().asked == ["consult"]


def test_it_is_taken_back_once(scene: Scene, desk: Client) -> None:
    made = make_invitation(scene)
    where = reverse("sharing:invitation_revoke", args=[made.invitation.pk])
    assert "taken back" in desk.post(where, follow=True).content.decode()
    assert "before" in desk.post(where, follow=True).content.decode()
    made.invitation.refresh_from_db()
    assert made.invitation.revoked_at is not None


def test_without_a_released_picture_nothing_is_asked(scene: Scene, desk: Client) -> None:
    unrelease(scene.instances[0])
    where = reverse("sharing:invite", args=[scene.study.pk])
    assert "No picture is released yet" in desk.get(where).content.decode()
    desk.post(where, asked())
    assert not Invitation.objects.exists()


@pytest.mark.requirement("R42")
def test_another_clinic_and_a_sonographer_are_turned_away(scene: Scene, desk: Client) -> None:
    other = make_scene()
    made = make_invitation(other)
    assert desk.get(reverse("sharing:invite", args=[other.study.pk])).status_code == 404
    assert desk.post(reverse("sharing:invitation_revoke", args=[made.invitation.pk])).status_code == 404
    sonographer = Client()
    sonographer.force_login(make_staff(scene.clinic, role=Role.SONOGRAPHER))
    assert sonographer.get(reverse("sharing:invite", args=[scene.study.pk])).status_code == 403
