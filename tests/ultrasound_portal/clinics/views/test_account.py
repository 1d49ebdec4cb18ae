"""One's own factors and sessions are listed and ended, and nobody else's."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from tests.factories.clinics import PASSWORD, give_code_app, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Membership, SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> Membership:
    member = make_member()
    client.force_login(member.user)
    return member


def elsewhere(member: Membership) -> Client:
    browser = Client()
    browser.force_login(member.user)
    return browser


def test_the_page_lists_factors_and_sessions(client: Client, ada: Membership) -> None:
    give_code_app(ada.user)
    elsewhere(ada)
    page = client.get("/desk/account/").content.decode()
    assert "Code app" in page
    assert page.count("(this one)") == 1
    assert "Sign out everywhere but here" in page


@pytest.mark.requirement("R49")
def test_signing_one_session_out_ends_it_at_its_next_request(client: Client, ada: Membership) -> None:
    telephone = elsewhere(ada)
    row = SignIn.objects.get(pk=telephone.session["sign_in"])
    assert client.post(f"/desk/account/sign-in/{row.pk}/end/").status_code == 302
    assert telephone.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 200
    assert Entry.objects.get(event=Event.SIGN_INS_ENDED).detail == {"count": 1}


@pytest.mark.requirement("R49")
def test_signing_out_everywhere_keeps_this_one(client: Client, ada: Membership) -> None:
    others = [elsewhere(ada), elsewhere(ada)]
    client.post("/desk/account/sign-ins/end/")
    assert [other.get("/desk/").status_code for other in others] == [302, 302]
    assert client.get("/desk/").status_code == 200


def test_the_sessions_of_others_are_out_of_reach(client: Client, ada: Membership) -> None:
    bea = elsewhere(make_member())
    client.post(f"/desk/account/sign-in/{bea.session['sign_in']}/end/")
    client.post("/desk/account/sign-ins/end/")
    assert bea.get("/desk/").status_code == 200


def test_a_factor_is_removed_after_a_fresh_proof_only(client: Client, ada: Membership) -> None:
    give_code_app(ada.user)
    key = Authenticator.objects.create(user=ada.user, type="webauthn", data={"name": "Key", "credential": {}})
    SignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    address = f"/desk/account/factor/{key.pk}/remove/"
    assert client.post(address).status_code == 403
    assert Authenticator.objects.count() == 2
    assert client.post(address, {"proof_password": PASSWORD}).status_code == 302
    assert Authenticator.objects.count() == 1
    assert Entry.objects.filter(event=Event.SECOND_FACTOR_REMOVED).count() == 1


def test_the_last_factor_stays(client: Client, ada: Membership) -> None:
    give_code_app(ada.user)
    row = Authenticator.objects.get()
    answer = client.post(f"/desk/account/factor/{row.pk}/remove/", follow=True)
    assert b"only second factor" in answer.content
    assert Authenticator.objects.exists()
