"""A second factor is set up before the first page, and more of them later behind a fresh proof."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from tests.factories.clinics import PASSWORD, code_of, give_code_app, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.models import Membership, SignIn

pytestmark = pytest.mark.django_db
EMAIL = "ada@example.org"
PAGES = ["/sign-in/set-up/", "/sign-in/set-up/code/", "/sign-in/set-up/passkey/"]


@pytest.fixture
def ada() -> Membership:
    return make_member(email=EMAIL)


@pytest.fixture
def entering(client: Client, ada: Membership) -> Client:
    client.post("/sign-in/", {"email": EMAIL, "password": PASSWORD, "next": "/desk/account/"})
    return client


@pytest.mark.requirement("R37")
def test_the_first_code_app_signs_in_and_shows_recovery_codes_once(entering: Client, ada: Membership) -> None:
    assert entering.get("/sign-in/set-up/").status_code == 200
    assert b"QR code" in entering.get("/sign-in/set-up/code/").content
    secret = entering.session["code_app"]
    assert entering.post("/sign-in/set-up/code/", {"code": "12"}).status_code == 400
    assert entering.session["code_app"] == secret
    done = entering.post("/sign-in/set-up/code/", {"code": code_of(secret)})
    assert done.status_code == 200
    assert done.content.decode().count("<li><code") == 10
    assert 'href="/desk/account/"' in done.content.decode()
    assert entering.get("/desk/account/").status_code == 200
    assert "code_app" not in entering.session
    assert {entry.event for entry in Entry.objects.filter(actor=f"user:{ada.user.pk}")} == {
        Event.SIGNED_IN,
        Event.SECOND_FACTOR_ADDED,
        Event.RECOVERY_CODES_MADE,
    }


@pytest.mark.parametrize("page", PAGES)
def test_strangers_do_not_set_anything_up(client: Client, page: str) -> None:
    assert client.get(page).headers["Location"] == "/sign-in/"


@pytest.mark.requirement("R37")
@pytest.mark.parametrize("page", [*PAGES, "/sign-in/set-up/passkey/question/"])
def test_with_a_password_alone_nobody_adds_a_factor_to_an_account_that_has_one(
    entering: Client, ada: Membership, page: str
) -> None:
    give_code_app(ada.user)
    answer = entering.post(page) if page.endswith("question/") else entering.get(page)
    assert answer.headers["Location"] == "/sign-in/second/"
    assert Authenticator.objects.count() == 1


def test_the_browser_is_asked_for_a_passkey_that_knows_its_holder(entering: Client, ada: Membership) -> None:
    asked = entering.post("/sign-in/set-up/passkey/question/").json()["publicKey"]
    assert asked["rp"]["id"] == "testserver"
    assert asked["user"]["name"] == EMAIL
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"


@pytest.mark.parametrize("answer", ["", "{", "{}", '{"response": {}}', '{"type": "public-key", "id": "AA"}'])
def test_an_odd_answer_makes_no_passkey(entering: Client, answer: str) -> None:
    entering.post("/sign-in/set-up/passkey/question/")
    page = entering.post("/sign-in/set-up/passkey/", {"credential": answer})
    assert page.status_code == 400
    assert b'role="alert"' in page.content
    assert not Authenticator.objects.exists()


def test_more_factors_need_a_fresh_proof(client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    assert client.get("/desk/account/code/").status_code == 200
    assert client.get("/desk/account/passkey/").status_code == 200
    SignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    for address in ("/desk/account/code/", "/desk/account/passkey/"):
        assert client.get(address).headers["Location"].startswith("/desk/locked/?next=")
    assert client.post("/desk/account/passkey/question/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 403


def test_a_code_app_is_added_later(client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    client.get("/desk/account/code/")
    answer = client.post("/desk/account/code/", {"code": code_of(client.session["code_app"])})
    assert answer.headers["Location"] == "/desk/account/"
    assert Entry.objects.get(event=Event.SECOND_FACTOR_ADDED).detail == {"kind": "code"}


def test_new_recovery_codes_are_shown_once(client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    page = client.post("/desk/account/recovery/").content.decode()
    assert page.count("<li><code") == 10
    assert second_factors.codes_left(ada.user) == 10
    assert Entry.objects.get(event=Event.RECOVERY_CODES_MADE).object_id == ada.user.pk
