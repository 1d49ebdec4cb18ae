"""Roles and memberships change at once, and nobody changes her own."""

import pytest
from django.test import Client

from tests.factories.clinics import give_code_app, make_clinic, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import members, second_factors
from ultrasound_portal.clinics.models import Membership
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> Membership:
    return make_member(role=Role.ADMINISTRATOR)


@pytest.fixture
def bea(ada: Membership) -> Membership:
    return make_member(ada.clinic, Role.CLINICIAN)


@pytest.fixture
def her_browser(bea: Membership) -> Client:
    browser = Client()
    browser.force_login(bea.user)
    return browser


@pytest.mark.requirement("R42")
def test_another_role_counts_from_the_next_request_on(ada: Membership, bea: Membership, her_browser: Client) -> None:
    assert her_browser.get("/desk/").status_code == 200
    members.change_roles(bea, Role.AUDITOR, by=ada.user)
    assert her_browser.get("/desk/").status_code == 403
    assert her_browser.get("/desk/audit/").status_code == 200
    assert Entry.objects.get(event=Event.ROLE_CHANGED).detail == {"former": "clinician", "roles": "auditor"}


@pytest.mark.requirement("R49")
def test_whoever_leaves_is_signed_out_at_once(ada: Membership, bea: Membership, her_browser: Client) -> None:
    members.end(bea, by=ada.user)
    assert her_browser.get("/desk/").headers["Location"] == "/sign-in/?next=/desk/"
    assert not Membership.objects.filter(user=bea.user).exists()
    entry = Entry.objects.get(event=Event.MEMBERSHIP_ENDED)
    assert (entry.object_id, entry.clinic_id) == (bea.user_id, ada.clinic_id)


@pytest.mark.requirement("R37")
def test_a_lost_factor_is_taken_away_with_every_session(ada: Membership, bea: Membership, her_browser: Client) -> None:
    give_code_app(bea.user)
    members.reset_second_factors(bea, by=ada.user)
    assert not second_factors.enrolled(bea.user)
    assert her_browser.get("/desk/").status_code == 302
    assert Entry.objects.get(event=Event.SECOND_FACTORS_RESET).actor == f"user:{ada.user_id}"


def test_nobody_does_it_to_herself(ada: Membership) -> None:
    for act in (members.end, members.reset_second_factors):
        with pytest.raises(members.NotYours):
            act(ada, by=ada.user)
    with pytest.raises(members.NotYours):
        members.change_roles(ada, Role.AUDITOR, by=ada.user)


def test_a_factor_that_guards_another_clinic_too_is_not_taken_away_from_here(ada: Membership, bea: Membership) -> None:
    give_code_app(bea.user)
    other = make_clinic("Riverbank")
    add_member(bea.user, other, Role.CLINICIAN, None)
    with pytest.raises(members.NotYours, match="operator"):
        members.reset_second_factors(bea, by=ada.user)
    assert second_factors.enrolled(bea.user)
    add_member(ada.user, other, Role.ADMINISTRATOR, None)
    members.reset_second_factors(bea, by=ada.user)
    assert not second_factors.enrolled(bea.user)
