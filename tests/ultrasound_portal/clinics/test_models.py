"""Addresses are one whatever their case, and a clinic without a contact cannot exist."""

import pytest
from django.db import IntegrityError

from tests.factories.clinics import PASSWORD, make_clinic, make_member, make_user
from ultrasound_portal.clinics.models import BrandKit, Clinic, Membership, User

pytestmark = pytest.mark.django_db


def test_an_address_is_one_whatever_its_case() -> None:
    user = make_user(email=" Ada@Example.org ")
    assert user.email == "ada@example.org"
    assert User.objects.get_by_natural_key("ADA@example.ORG ") == user
    with pytest.raises(IntegrityError):
        User.objects.create(email="ADA@example.org")


def test_the_password_is_hashed() -> None:
    user = make_user()
    assert PASSWORD not in user.password
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("fault", [{"contact": ""}, {"name": ""}])
def test_a_clinic_has_a_name_and_a_contact(fault: dict[str, str]) -> None:
    with pytest.raises(IntegrityError):
        Clinic.objects.create(**{"name": "Hillside", "contact": "01632 960000", **fault})


def test_one_known_role_per_person_and_clinic() -> None:
    member = make_member()
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=make_user(), clinic=member.clinic, roles="owner")


def test_one_membership_per_person_and_clinic() -> None:
    member = make_member()
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=member.user, clinic=member.clinic, roles=member.roles)


def test_names_tell_nothing_about_people() -> None:
    member = make_member()
    assert str(member.user) == str(member.user.pk)
    assert str(member) == f"clinician {member.pk}"
    assert str(make_clinic("Riverbank")) == "Riverbank"
    assert str(BrandKit(clinic=member.clinic, version=3)) == f"brand {member.clinic_id} v3"
