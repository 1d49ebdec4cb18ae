"""From "forgotten" to signed in again: discreet, once, soon, and never past the second factor."""

import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from tests.factories.clinics import PASSWORD, code_of, give_code_app, make_member
from ultrasound_portal.clinics import passwords
from ultrasound_portal.clinics.models import Membership, PasswordReset, SignIn
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState

pytestmark = pytest.mark.django_db
EMAIL, FRESH = "ada@example.org", "seven herons over the weir"
ASK, TAKE, NEW, OWN = "/sign-in/forgotten/", "/sign-in/password/", "/sign-in/password/new/", "/desk/account/password/"


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.PORTAL_EMAIL = "smtp"


@pytest.fixture
def ada() -> Membership:
    return make_member(email=EMAIL)


def mailed(client: Client, mails: list[EmailMessage]) -> str:
    client.post(ASK, {"email": EMAIL})
    passwords.send(Job.objects.get(state=JobState.QUEUED).pk)
    found = re.search(r"http://testserver/sign-in/password/#(\S+)", str(mails[-1].body))
    assert found
    return found[1]


def twice(password: str) -> dict[str, str]:
    return {"password": password, "again": password}


@pytest.mark.requirement("R37")
@pytest.mark.requirement("R38")
def test_from_forgotten_to_signed_in_with_the_second_factor(
    client: Client, ada: Membership, mailoutbox: list[EmailMessage]
) -> None:
    secret = give_code_app(ada.user)
    elsewhere = Client()
    elsewhere.force_login(ada.user)
    assert client.get(ASK).status_code == 200
    key = mailed(client, mailoutbox)
    assert client.post(TAKE, {"secret": key}).headers["Location"] == NEW
    assert EMAIL in client.get(NEW).content.decode()
    assert client.post(NEW, twice(FRESH)).headers["Location"] == "/sign-in/"
    assert elsewhere.get("/desk/account/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 400
    answer = client.post("/sign-in/", {"email": EMAIL, "password": FRESH})
    assert answer.headers["Location"] == "/sign-in/second/"
    assert client.post("/sign-in/second/", {"code": code_of(secret)}).headers["Location"] == "/"
    assert client.post(TAKE, {"secret": key}).status_code == 400


@pytest.mark.requirement("R39")
def test_the_answer_is_the_same_for_an_address_that_nobody_has(client: Client, ada: Membership) -> None:
    pages = []
    for email in (EMAIL, "nobody@example.org"):
        answer = client.post(ASK, {"email": email}, follow=True)
        pages.append((answer.redirect_chain, answer.content.decode().split("csrfmiddlewaretoken")[0]))
    assert pages[0] == pages[1]
    assert passwords.LASTS.total_seconds() == 1800


@pytest.mark.requirement("R39")
def test_asking_again_and_again_waits_and_signing_in_does_not(client: Client, ada: Membership) -> None:
    answers = [client.post(ASK, {"email": EMAIL}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]
    assert PasswordReset.objects.count() == 5
    assert b"15 minutes" in client.post(ASK, {"email": EMAIL}).content
    assert client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("email", ["", "no address"], ids=["nothing", "no address"])
def test_an_odd_address_is_asked_for_again(client: Client, email: str) -> None:
    assert client.post(ASK, {"email": email}).status_code == 400
    assert not PasswordReset.objects.exists()


def test_without_mail_it_says_who_helps(client: Client, ada: Membership, settings: Settings) -> None:
    settings.PORTAL_EMAIL = "off"
    assert b"sends no mail" in client.get(ASK).content
    client.post(ASK, {"email": EMAIL})
    assert not PasswordReset.objects.exists()


@pytest.mark.parametrize("wrong", ["", "not-the-secret", "x" * 201], ids=["empty", "wrong", "long"])
def test_a_wrong_secret_opens_nothing(client: Client, wrong: str) -> None:
    assert client.post(TAKE, {"secret": wrong}).status_code == 400
    assert client.get(NEW).headers["Location"] == ASK


@pytest.mark.parametrize(
    "said",
    [twice("short"), twice("password1234"), {"password": FRESH, "again": PASSWORD}, {"password": FRESH}],
    ids=["short", "common", "different", "typed once"],
)
def test_a_weak_or_mistyped_password_changes_nothing(
    client: Client, ada: Membership, mailoutbox: list[EmailMessage], said: dict[str, str]
) -> None:
    client.post(TAKE, {"secret": mailed(client, mailoutbox)})
    assert client.post(NEW, said).status_code == 400
    ada.user.refresh_from_db()
    assert ada.user.check_password(PASSWORD)
    assert client.post(NEW, twice(FRESH)).status_code == 302


def test_ones_own_password_is_changed_after_a_proof_and_the_session_here_stays(client: Client, ada: Membership) -> None:
    elsewhere = Client()
    elsewhere.force_login(ada.user)
    client.force_login(ada.user)
    assert client.get(OWN).status_code == 200
    assert client.post(OWN, twice("short")).status_code == 400
    assert client.post(OWN, twice(FRESH)).headers["Location"] == "/desk/account/"
    assert client.get("/desk/account/").status_code == 200
    assert elsewhere.get("/desk/account/").status_code == 302
    SignIn.objects.update(proved_at=SignIn.objects.get().started_at - passwords.WITHIN)
    assert client.get(OWN).headers["Location"].startswith("/desk/locked/")


def test_the_demos_public_password_stays(client: Client, ada: Membership, settings: Settings) -> None:
    settings.DEMO = True
    ada.user.is_demo = True
    ada.user.save()
    client.force_login(ada.user)
    assert client.post(OWN, twice(FRESH)).status_code == 404
    assert b"stays as it is" in client.get("/desk/account/").content
