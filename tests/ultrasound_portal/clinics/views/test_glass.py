"""Somebody opens more than her role allows, from her account; the administrators cannot miss it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.clinics import PASSWORD, make_clinic, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import GlassBreak, Membership, SignIn
from ultrasound_portal.clinics.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R42")]
LEDGER = "/desk/consents/"
ASKED = {"right": "ledger", "reason": "alone"}


@pytest.fixture
def bea(client: Client) -> Membership:
    member = make_member(role=Role.CLINICIAN)
    client.force_login(member.user)
    return member


def administrator(member: Membership) -> Client:
    browser = Client()
    browser.force_login(make_member(member.clinic, Role.ADMINISTRATOR).user)
    return browser


def test_opened_used_seen_and_closed(client: Client, bea: Membership) -> None:
    ada = administrator(bea)
    assert b"your account" in client.get(LEDGER).content
    assert b"The ledger of consents" in client.get("/desk/account/").content
    assert client.post("/desk/glass/", ASKED).status_code == 302
    assert client.get(LEDGER).status_code == 200
    assert Entry.objects.get(event=Event.GLASS_USED).detail == {"right": "ledger", "page": "consent:ledger"}
    assert b"opened more than her roles allow" in ada.get("/desk/account/").content
    assert b"beyond her roles" in ada.get("/desk/people/").content
    ada.post(f"/desk/people/glass/{GlassBreak.objects.get().pk}/seen/")
    assert b"opened more than her roles allow" not in ada.get("/desk/account/").content
    assert b"open to you until" in client.get("/desk/account/").content
    client.post("/desk/glass/close/")
    assert client.get(LEDGER).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [{}, {"right": "ledger"}, {"right": "people", "reason": "alone"}, {"right": "ledger", "reason": "curious"}],
    ids=["nothing", "no reason", "out of reach", "no such reason"],
)
def test_without_a_right_in_reach_and_a_reason_nothing_opens(
    client: Client, bea: Membership, asked: dict[str, str]
) -> None:
    assert client.post("/desk/glass/", asked).headers["Location"] == "/desk/account/"
    assert not GlassBreak.objects.exists()


def test_what_the_role_has_is_not_opened(client: Client, bea: Membership) -> None:
    assert client.post("/desk/glass/", {"right": "release", "reason": "alone"}).status_code == 404


def test_it_asks_for_a_fresh_proof(client: Client, bea: Membership) -> None:
    SignIn.objects.update(proved_at=timezone.now() - timedelta(minutes=6))
    assert client.post("/desk/glass/", ASKED).status_code == 403
    assert not GlassBreak.objects.exists()
    assert client.post("/desk/glass/", {**ASKED, "proof_password": PASSWORD}).status_code == 302


def test_an_administrator_of_another_clinic_neither_sees_nor_notes_it(client: Client, bea: Membership) -> None:
    client.post("/desk/glass/", ASKED)
    stranger = Client()
    stranger.force_login(make_member(make_clinic("Elsewhere"), Role.ADMINISTRATOR).user)
    assert b"opened more than her roles allow" not in stranger.get("/desk/account/").content
    assert stranger.post(f"/desk/people/glass/{GlassBreak.objects.get().pk}/seen/").status_code == 404
