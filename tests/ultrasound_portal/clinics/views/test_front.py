"""The front door sends everybody where they belong."""

import pytest
from django.test import Client

from tests.factories.clinics import make_clinic, make_member, make_staff, make_user
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member

pytestmark = pytest.mark.django_db


def test_staff_go_to_their_worklist(client: Client) -> None:
    client.force_login(make_staff())
    assert client.get("/").headers["Location"] == "/desk/"


def test_an_auditor_goes_to_what_she_may_read_and_somebody_without_a_clinic_to_her_account(client: Client) -> None:
    client.force_login(make_staff(role=Role.AUDITOR))
    assert client.get("/").headers["Location"] == "/desk/consents/"
    client.force_login(make_user())
    assert client.get("/").headers["Location"] == "/desk/account/"
    assert client.get("/desk/account/").status_code == 200


def test_a_person_of_two_clinics_switches_between_them(client: Client) -> None:
    first = make_member(role=Role.AUDITOR)
    second = add_member(first.user, make_clinic("Riverbank"), Role.CLINICIAN, None)
    client.force_login(first.user)
    assert client.get("/desk/").status_code == 403
    assert client.post("/desk/clinic/", {"clinic": second.clinic_id}).headers["Location"] == "/"
    page = client.get("/desk/").content.decode()
    assert "Riverbank (Clinician)" in page
    assert client.get("/desk/audit/").status_code == 403
    assert Entry.objects.get(event=Event.CLINIC_CHOSEN).clinic_id == second.clinic_id


@pytest.mark.parametrize("asked", ["theirs", "nonsense", ""])
def test_nobody_switches_to_a_clinic_of_others(client: Client, asked: str) -> None:
    client.force_login(make_staff())
    theirs = str(make_clinic("Elsewhere").pk)
    assert client.post("/desk/clinic/", {"clinic": theirs if asked == "theirs" else asked}).status_code == 404
    assert "clinic_id" not in client.session


def test_strangers_go_to_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/sign-in/"
    assert client.post("/").status_code == 405
