"""Staff invite a patient to decide at home."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from consent.capacity import Claim
from consent.standing import note_death
from consent.states import Basis
from sharing.models import Invitation
from tests.factories.clinics import make_staff
from tests.factories.sharing import Scene, make_grant, make_invitation, make_scene, minor_of, unrelease
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


def page_for(desk: Client, scene: Scene, basis: str = "") -> str:
    query = f"?basis={basis}" if basis else ""
    return desk.get(reverse("sharing:invite", args=[scene.study.pk]) + query).content.decode()


@pytest.mark.requirement("R24")
def test_for_a_patient_under_age_who_decides_is_chosen_first(scene: Scene, desk: Client) -> None:
    minor = minor_of(scene)
    first = page_for(desk, minor)
    assert "Choose who decides." in first
    assert 'name="ask"' not in first
    assert "basis=adult" not in first
    where = reverse("sharing:invite", args=[minor.study.pk])
    made = desk.post(where, asked(basis="minor_with_parent", language="en"))
    assert made.content.decode().count(f"{reverse('sharing:decide_door')}#") == 2
    assert {(one.role, one.cosigns) for one in Invitation.objects.all()} == {("parent", False), ("assent", True)}
    again = page_for(desk, minor, "minor_with_parent")
    assert again.count("An invitation is open") == 2


@pytest.mark.requirement("R25")
def test_a_competent_minor_is_invited_once_somebody_wrote_down_why(scene: Scene, desk: Client) -> None:
    minor = minor_of(scene)
    where = reverse("sharing:invite", args=[minor.study.pk])
    refused = desk.post(where, asked(basis="competent_minor"))
    assert "Who judged that the patient understands, and why, is missing" in refused.content.decode()
    made = desk.post(where, asked(basis="competent_minor", reasoning="She said it in her own words."))
    assert made.status_code == 200
    assert Invitation.objects.get().role == "patient"
    assert "parent" not in made.content.decode().lower()


@pytest.mark.requirement("R28")
def test_a_basis_that_is_met_in_person_says_why_and_what_to_do(scene: Scene, desk: Client) -> None:
    note_death(scene.patient, by=scene.clinician)
    page = page_for(desk, scene, "deceased")
    assert "Not from afar" in page
    assert "Make an appointment" in page
    assert reverse("sharing:ceremony", args=[scene.study.pk]) in page
    refused = desk.post(reverse("sharing:invite", args=[scene.study.pk]), asked(basis="deceased"))
    assert refused.status_code == 422
    assert not Invitation.objects.exists()


def test_codes_can_be_sent_where_there_is_a_sender(scene: Scene, desk: Client, settings: Settings) -> None:
    settings.MESSAGE_SENDERS = {"email": "sharing.senders.files.FileSender"}
    where = reverse("sharing:invite", args=[scene.study.pk])
    assert "Where the codes go" in page_for(desk, scene)
    assert desk.post(where, asked(second_secret="email", contact="rowan")).status_code == 422
    card = desk.post(where, asked(second_secret="email", contact="rowan@example.net")).content.decode()
    assert "slip__code" not in card
    assert "rowan" not in card


@pytest.mark.requirement("R24")
def test_a_missing_name_is_asked_for_from_what_is_on_record(scene: Scene, desk: Client) -> None:
    minor = minor_of(scene)
    claim = Claim(basis=Basis.MINOR_WITH_PARENT)
    grant = make_grant(minor.patient, scene.clinician, minor.study, claim=claim)
    page = reverse("sharing:invite_to_sign", args=[minor.study.pk])
    where = f"{page}?role=assent"
    assert where in desk.get(reverse("sharing:recorded", args=[minor.study.pk])).content.decode()
    assert grant.purpose.name in desk.get(where).content.decode()
    assert desk.post(where, {"until": "2020-01-01"}).status_code == 422
    made = desk.post(where, {"until": (timezone.localdate() + timedelta(days=5)).isoformat()})
    assert "slip__code" in made.content.decode()
    assert Invitation.objects.get().cosigns
    for nobody in ("", "?role=parent", "?role=witness", "?role=nonsense"):
        assert "No answer waits for this name" in desk.get(page + nobody, follow=True).content.decode()


@pytest.mark.requirement("R42")
def test_another_clinic_and_a_sonographer_are_turned_away(scene: Scene, desk: Client) -> None:
    other = make_scene()
    made = make_invitation(other)
    assert desk.get(reverse("sharing:invite", args=[other.study.pk])).status_code == 404
    assert desk.post(reverse("sharing:invitation_revoke", args=[made.invitation.pk])).status_code == 404
    sonographer = Client()
    sonographer.force_login(make_staff(scene.clinic, role=Role.SONOGRAPHER))
    assert sonographer.get(reverse("sharing:invite", args=[scene.study.pk])).status_code == 403
