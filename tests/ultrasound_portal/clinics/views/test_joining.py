"""Whoever is invited makes an account, sets up a second factor and works there; the secret is good once."""

import pytest
from django.test import Client

from tests.factories.clinics import PASSWORD, code_of, make_clinic, make_member
from ultrasound_portal.clinics import invitations
from ultrasound_portal.clinics.models import Invitation, Membership, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import create_user

pytestmark = pytest.mark.django_db
EMAIL = "cleo@example.org"
ACCOUNT = {"display_name": "Cleo Marsh", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def ada() -> Membership:
    return make_member(role=Role.ADMINISTRATOR)


@pytest.fixture
def secret(ada: Membership) -> str:
    return invitations.invite(ada.clinic, EMAIL, Role.REVIEWER, by=ada.user)


def test_from_the_mail_to_the_worklist(client: Client, ada: Membership, secret: str) -> None:
    assert client.get("/join/").status_code == 200
    assert client.post("/join/", {"secret": secret}).headers["Location"] == "/join/account/"
    page = client.get("/join/account/").content.decode()
    assert "Hillside Scans" in page
    assert "reviewer" in page
    assert client.post("/join/account/", ACCOUNT).headers["Location"] == "/sign-in/set-up/"
    client.get("/sign-in/set-up/code/")
    client.post("/sign-in/set-up/code/", {"code": code_of(client.session["code_app"])})
    assert client.get("/desk/").status_code == 200
    assert Membership.objects.get(user__email=EMAIL).roles == Role.REVIEWER
    assert client.post("/join/", {"secret": secret}).status_code == 400


@pytest.mark.parametrize("wrong", ["", "not-the-secret", "x" * 201])
def test_a_wrong_secret_opens_nothing(client: Client, secret: str, wrong: str) -> None:
    assert client.post("/join/", {"secret": wrong}).status_code == 400
    assert client.get("/join/account/").headers["Location"] == "/join/"


@pytest.mark.requirement("R38")
@pytest.mark.parametrize(
    "changes",
    [
        {"password": "short", "again": "short"},
        {"password": "password1234", "again": "password1234"},
        {"again": "something else"},
        {"display_name": ""},
        {"again": ""},
    ],
    ids=["short", "common", "different", "without a name", "typed once"],
)
def test_a_weak_or_mistyped_password_makes_nothing(client: Client, secret: str, changes: dict[str, str]) -> None:
    client.post("/join/", {"secret": secret})
    assert client.post("/join/account/", {**ACCOUNT, **changes}).status_code == 400
    assert not User.objects.filter(email=EMAIL).exists()
    assert Invitation.objects.exists()


def test_an_invitation_withdrawn_meanwhile_makes_nothing(client: Client, ada: Membership, secret: str) -> None:
    client.post("/join/", {"secret": secret})
    invitations.withdraw(Invitation.objects.get(), by=ada.user)
    assert client.post("/join/account/", ACCOUNT).headers["Location"] == "/join/"
    assert not User.objects.filter(email=EMAIL).exists()


def test_whoever_has_an_account_signs_in_and_joins(client: Client, ada: Membership, secret: str) -> None:
    cleo = create_user(EMAIL, "Cleo", PASSWORD)
    client.post("/join/", {"secret": secret})
    assert client.get("/join/account/").headers["Location"] == "/sign-in/?next=%2Fjoin%2Faccount%2F"
    client.force_login(cleo)
    client.post("/join/", {"secret": secret})
    assert b"Join" in client.get("/join/account/").content
    client.post("/join/account/")
    assert cleo.memberships.get().clinic == ada.clinic
    assert client.session["clinic_id"] == str(ada.clinic_id)


def test_somebody_elses_invitation_is_not_taken_with_ones_own_account(client: Client, secret: str) -> None:
    create_user(EMAIL, "Cleo", PASSWORD)
    other = make_member(make_clinic("Elsewhere"))
    client.force_login(other.user)
    client.post("/join/", {"secret": secret})
    assert client.post("/join/account/").headers["Location"] == "/desk/account/"
    assert other.user.memberships.count() == 1
