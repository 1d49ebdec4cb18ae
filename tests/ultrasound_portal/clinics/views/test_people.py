"""An administrator sees who works here, invites, changes roles, lets people go and helps who lost a second factor."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories.clinics import PASSWORD, give_code_app, make_clinic, make_member
from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.models import Invitation, Membership, SignIn
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db
PEOPLE = "/desk/people/"


@pytest.fixture
def ada(client: Client) -> Membership:
    member = make_member(role=Role.ADMINISTRATOR)
    client.force_login(member.user)
    return member


@pytest.fixture
def bea(ada: Membership) -> Membership:
    return make_member(ada.clinic, Role.CLINICIAN, "bea@example.org")


def test_the_list_has_the_clinics_own_people_only(client: Client, ada: Membership, bea: Membership) -> None:
    make_member(make_clinic("Elsewhere"), email="cleo@example.org")
    page = client.get(PEOPLE).content.decode()
    assert "bea@example.org" in page
    assert "cleo@example.org" not in page


def test_an_invitation_goes_by_mail_and_names_no_patient(
    client: Client, ada: Membership, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.PORTAL_EMAIL = "smtp"
    assert client.post(PEOPLE, {"email": "cleo@example.org", "roles": "reviewer"}).status_code == 302
    [mail] = mailoutbox
    assert mail.to == ["cleo@example.org"]
    assert "http://testserver/join/#" in mail.body
    assert "Hillside Scans as reviewer" in mail.body
    page = client.get(PEOPLE).content.decode()
    assert "cleo@example.org" in page
    assert mail.body.split("#")[1].split()[0] not in page


def test_without_mail_the_address_is_shown_once_to_hand_over(
    client: Client, ada: Membership, settings: Settings
) -> None:
    settings.PORTAL_EMAIL = "off"
    page = client.post(PEOPLE, {"email": "cleo@example.org", "roles": "reviewer"}).content.decode()
    assert "http://testserver/join/#" in page
    assert "/join/#" not in client.get(PEOPLE).content.decode()


@pytest.mark.parametrize(
    ("email", "role"), [("", "reviewer"), ("no address", "reviewer"), ("cleo@example.org", "queen"), ("bea", "")]
)
def test_an_invitation_that_makes_no_sense_is_not_sent(
    client: Client, ada: Membership, mailoutbox: list[EmailMessage], email: str, role: str
) -> None:
    assert client.post(PEOPLE, {"email": email, "roles": role}).status_code == 400
    assert not Invitation.objects.exists()
    assert mailoutbox == []


def test_a_member_is_not_invited_again(client: Client, ada: Membership, bea: Membership) -> None:
    answer = client.post(PEOPLE, {"email": "BEA@example.org", "roles": "reviewer"})
    assert answer.status_code == 400
    assert b"works here already" in answer.content


def test_an_invitation_is_withdrawn(client: Client, ada: Membership) -> None:
    client.post(PEOPLE, {"email": "cleo@example.org", "roles": "reviewer"})
    client.post(f"{PEOPLE}invitation/{Invitation.objects.get().pk}/withdraw/")
    assert not Invitation.objects.exists()


def test_a_role_is_changed(client: Client, ada: Membership, bea: Membership) -> None:
    assert b"Change the roles" in client.get(f"{PEOPLE}{bea.pk}/").content
    assert client.post(f"{PEOPLE}{bea.pk}/", {"roles": "queen"}).status_code == 400
    client.post(f"{PEOPLE}{bea.pk}/", {"roles": "auditor"})
    bea.refresh_from_db()
    assert bea.roles == Role.AUDITOR


def test_the_own_role_stays(client: Client, ada: Membership) -> None:
    assert b"This is you" in client.get(f"{PEOPLE}{ada.pk}/").content
    assert client.post(f"{PEOPLE}{ada.pk}/", {"roles": "auditor"}).status_code == 400
    client.post(f"{PEOPLE}{ada.pk}/end/")
    client.post(f"{PEOPLE}{ada.pk}/reset/")
    ada.refresh_from_db()
    assert ada.roles == Role.ADMINISTRATOR


def test_a_membership_is_ended(client: Client, ada: Membership, bea: Membership) -> None:
    client.post(f"{PEOPLE}{bea.pk}/end/")
    assert not Membership.objects.filter(pk=bea.pk).exists()


@pytest.mark.requirement("R37")
def test_a_lost_factor_is_taken_away_after_a_fresh_proof_and_the_person_is_told(
    client: Client, ada: Membership, bea: Membership, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    settings.PORTAL_EMAIL = "smtp"
    give_code_app(bea.user)
    SignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    assert client.post(f"{PEOPLE}{bea.pk}/reset/").status_code == 403
    assert second_factors.enrolled(bea.user)
    assert client.post(f"{PEOPLE}{bea.pk}/reset/", {"proof_password": PASSWORD}).status_code == 302
    assert not second_factors.enrolled(bea.user)
    assert mailoutbox[0].to == ["bea@example.org"]
