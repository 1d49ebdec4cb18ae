"""A person works under one membership at a time: the chosen one, or else her first."""

import pytest
from django.test import Client

from tests.factories.clinics import make_clinic, make_member
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member
from ultrasound_portal.clinics.workplace import CHOSEN, clinic_id_of, membership_of, memberships_of

pytestmark = pytest.mark.django_db


def test_the_chosen_clinic_or_the_first(client: Client) -> None:
    first = make_member()
    second = add_member(first.user, make_clinic("Riverbank"), Role.ADMINISTRATOR, None)
    client.force_login(first.user)
    request = client.get("/").wsgi_request
    assert memberships_of(request) == [first, second]
    assert membership_of(request) == first
    request.session[CHOSEN] = str(second.clinic_id)
    assert membership_of(request) == second
    assert clinic_id_of(request) == second.clinic_id
    request.session[CHOSEN] = str(make_clinic("Elsewhere").pk)
    assert membership_of(request) == first


def test_strangers_work_nowhere(client: Client) -> None:
    request = client.get("/").wsgi_request
    assert memberships_of(request) == []
    assert membership_of(request) is None
    assert clinic_id_of(request) is None
