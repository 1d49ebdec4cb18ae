"""A shared desk is locked by hand or by time, and the same person opens it where she was."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories.clinics import PASSWORD, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Membership, SignIn

pytestmark = pytest.mark.django_db
SCRIPT = {"Sec-Fetch-Mode": "cors"}


@pytest.fixture
def ada(client: Client) -> Membership:
    member = make_member()
    client.force_login(member.user)
    return member


def test_locked_by_hand_and_opened_again_where_she_was(client: Client, ada: Membership) -> None:
    assert client.post("/desk/lock/").headers["Location"] == "/desk/locked/"
    away = client.get("/desk/?page=2")
    assert away.headers["Location"] == "/desk/locked/?next=%2Fdesk%2F%3Fpage%3D2"
    page = client.get(away.headers["Location"])
    assert b'value="/desk/?page=2"' in page.content
    wrong = client.post("/desk/locked/", {"next": "/desk/?page=2", "proof_password": "wrong"})
    assert wrong.status_code == 403
    right = client.post("/desk/locked/", {"next": "/desk/?page=2", "proof_password": PASSWORD})
    assert right.headers["Location"] == "/desk/?page=2"
    assert client.get("/desk/").status_code == 200
    assert [entry.event for entry in Entry.objects.filter(object_kind="sign_in").order_by("seq")] == [
        Event.DESK_LOCKED,
        Event.PROOF_REFUSED,
        Event.PROOF_GIVEN,
    ]


@pytest.mark.requirement("R38")
def test_left_alone_it_locks_by_itself(client: Client, ada: Membership) -> None:
    SignIn.objects.update(active_at=timezone.now() - timedelta(minutes=16))
    assert client.get("/desk/").headers["Location"].startswith("/desk/locked/")


def test_behind_the_curtain_a_script_locks_unlocks_and_learns_of_the_lock(client: Client, ada: Membership) -> None:
    assert client.post("/desk/lock/", headers=SCRIPT).status_code == 204
    poll = client.get("/desk/", headers={"HX-Request": "true"})
    assert (poll.status_code, poll.content, poll.headers["HX-Trigger"]) == (204, b"", "desk-locked")
    assert client.post("/desk/here/", headers=SCRIPT).headers["HX-Trigger"] == "desk-locked"
    wrong = client.post("/desk/locked/", {"proof_password": "wrong"}, headers=SCRIPT)
    assert (wrong.status_code, wrong.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")
    assert client.post("/desk/locked/", {"proof_password": PASSWORD}, headers=SCRIPT).status_code == 204
    assert client.post("/desk/here/", headers=SCRIPT).status_code == 204


def test_the_way_back_is_one_of_ours(client: Client, ada: Membership) -> None:
    client.post("/desk/lock/")
    answer = client.post("/desk/locked/", {"next": "https://evil.example.org/", "proof_password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_another_person_signs_out_and_in(client: Client, ada: Membership) -> None:
    client.post("/desk/lock/")
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/desk/").headers["Location"] == "/sign-in/?next=/desk/"
