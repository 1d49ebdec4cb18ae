"""Administrators read their own clinic's trail, and that is on the trail too."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.factories.clinics import make_clinic, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Membership
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.views import trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Membership:
    member = make_member(role=Role.ADMINISTRATOR)
    client.force_login(member.user)
    return member


def served(member: Membership, number: int = 1, **more: object) -> None:
    for _ in range(number):
        record(Event.PICTURE_SERVED, actor=f"link:{uuid4()}", clinic_id=member.clinic_id, **more)


def test_it_works_and_is_itself_recorded(client: Client, admin: Membership) -> None:
    served(admin, detail={"bytes": 12})
    record(Event.JOB_RETRIED, actor="system:worker", clinic_id=admin.clinic_id)
    page = client.get("/desk/audit/").content.decode()
    assert "Picture served" in page
    assert "Somebody with a link" in page
    assert "bytes: 12" in page
    assert admin.user.display_name in page
    assert "Audit read" in page
    entry = Entry.objects.get(event=Event.AUDIT_READ)
    assert (entry.actor, entry.clinic_id) == (f"user:{admin.user.pk}", admin.clinic_id)


def test_details_are_words_and_keys_stand_apart(client: Client, admin: Membership) -> None:
    opening, digest = str(uuid4()), "ab" * 32
    facts = {"kind": "still_png", "wording_version": 2, "download_allowed": True, "gate": "", "some_thing": "not_yet"}
    served(admin, object_kind="artefact", detail={**facts, "opening": opening, "evidence_sha256": digest})
    line = client.get("/desk/audit/?event=picture_served").context["lines"][0]
    assert line.object_kind == "Picture file"
    assert line.facts == ("file: clean picture, version of the wording: 2, may be saved: yes, some thing: not yet")
    assert line.codes == (("visit", opening), ("SHA-256 of the evidence", digest))
    assert digest in client.get("/desk/audit/").content.decode()


def test_it_is_filtered_by_event(client: Client, admin: Membership) -> None:
    served(admin)
    lines = client.get("/desk/audit/?event=picture_served").context["lines"]
    assert {line.what for line in lines} == {"Picture served"}
    assert client.get("/desk/audit/?event=link_left").context["lines"] == []
    assert client.get("/desk/audit/?event=odd").context["event"] == ""


def test_it_is_paged(client: Client, admin: Membership) -> None:
    served(admin, trail.PAGE + 1)
    first = client.get("/desk/audit/?event=picture_served")
    assert len(first.context["lines"]) == trail.PAGE
    assert "Older" in first.content.decode()
    last = client.get("/desk/audit/?event=picture_served&page=2")
    assert len(last.context["lines"]) == 1
    assert "Newer" in last.content.decode()
    assert client.get("/desk/audit/?event=picture_served&page=x").status_code == 200


def test_another_clinics_entries_are_not_shown(client: Client, admin: Membership) -> None:
    other = make_member(make_clinic("Riverbank"), Role.ADMINISTRATOR)
    served(other)
    assert client.get("/desk/audit/?event=picture_served").context["lines"] == []


def test_a_person_who_is_gone_has_no_name(client: Client, admin: Membership) -> None:
    record(Event.LINK_CREATED, actor=f"user:{uuid4()}", clinic_id=admin.clinic_id)
    assert "A former member of staff" in client.get("/desk/audit/").content.decode()


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.CLINICIAN])
def test_other_roles_are_refused_and_nothing_is_recorded(client: Client, role: Role) -> None:
    client.force_login(make_member(role=role).user)
    assert client.get("/desk/audit/").status_code == 403
    assert not Entry.objects.filter(event=Event.AUDIT_READ).exists()


def test_two_sizes_take_the_same_number_of_queries(
    client: Client, admin: Membership, django_assert_max_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 30):
        served(admin, number)
        with CaptureQueriesContext(connection) as queries:
            client.get("/desk/audit/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
