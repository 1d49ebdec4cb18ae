"""The staff navigation shows the places a role may use, and where one is."""

from collections.abc import Iterable

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import get_resolver, resolve

from tests.factories.clinics import EVERY_RIGHT
from ultrasound_portal.clinics.context import PLACES, desk, entries_for
from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import CAPABILITIES, Role, joined

pytestmark = pytest.mark.django_db


def request_of(role: Role | Iterable[Role], path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    clinic = Clinic(name="Hillside Scans", contact="01632 960000")
    user = User(email="ada@example.org", display_name="Ada Marsh")
    request.clinic = clinic
    request.session = {}
    request.memberships = [Membership(user=user, clinic=clinic, roles=joined(role))]
    return request


def test_it_names_the_clinic_the_person_and_the_places() -> None:
    context = desk(request_of(EVERY_RIGHT, "/desk/upload/"))
    assert str(context["desk_clinic"]) == "Hillside Scans"
    assert context["desk_user_name"] == "Ada Marsh"
    assert [(entry.label, entry.current) for entry in context["desk_entries"]] == [
        ("Worklist", ""),
        ("Upload", "page"),
        ("Consents", ""),
        ("Links", ""),
        ("Handbook", ""),
        ("Incidents", ""),
        ("Audit", ""),
        ("People", ""),
        ("Brand", ""),
        ("Cleaning", ""),
        ("Rules", ""),
        ("Keeping", ""),
    ]


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (Role.SONOGRAPHER, ["Worklist", "Upload", "Handbook"]),
        (Role.CLINICIAN, ["Worklist", "Upload", "Links", "Handbook"]),
        (
            Role.ADMINISTRATOR,
            ["Consents", "Links", "Handbook", "Incidents", "Audit", "People", "Brand", "Cleaning", "Rules", "Keeping"],
        ),
    ],
    ids=["sonographer", "clinician", "administrator"],
)
def test_a_role_sees_only_what_it_may_use(role: Role, places: list[str]) -> None:
    assert [entry.label for entry in entries_for(CAPABILITIES[role], route="")] == places


def test_a_page_below_an_entry_marks_that_entry() -> None:
    assert [entry.current for entry in entries_for(CAPABILITIES[Role.CLINICIAN], route="deid:review")] == [
        "true",
        "",
        "",
        "",
    ]


def test_whoever_works_in_several_clinics_may_switch() -> None:
    request = request_of(Role.CLINICIAN, "/desk/")
    assert desk(request)["desk_workplaces"] == ()
    other = Clinic(name="Riverbank", contact="01632 960001")
    request.memberships.append(Membership(user=request.memberships[0].user, clinic=other, roles=joined(Role.AUDITOR)))
    request.session["clinic_id"] = str(other.pk)
    context = desk(request)
    assert str(context["desk_clinic"]) == "Riverbank"
    assert len(context["desk_workplaces"]) == 2
    labels = {entry.label for entry in context["desk_entries"]}
    assert {"Consents", "Audit"} < labels
    assert labels.isdisjoint({"Worklist", "Upload", "People"})


def test_a_stranger_sees_no_places() -> None:
    empty = {"desk_clinic": None, "desk_user_name": "", "desk_entries": (), "desk_rights": frozenset()}
    assert desk(RequestFactory().get("/sign-in/")) == empty


def test_an_address_that_led_nowhere_marks_nothing() -> None:
    request = request_of(Role.ADMINISTRATOR, "/desk/")
    request.resolver_match = None
    assert {entry.current for entry in desk(request)["desk_entries"]} == {""}


def test_every_route_exists_and_belongs_to_one_entry_only() -> None:
    routes = [route for _, doors, below in PLACES for route in {*doors.values(), *below}]
    known = {
        f"{namespace}:{name}"
        for namespace, (_, patterns) in get_resolver().namespace_dict.items()
        for name in patterns.reverse_dict
        if isinstance(name, str)
    }
    assert len(routes) == len(set(routes))
    assert set(routes) <= known
