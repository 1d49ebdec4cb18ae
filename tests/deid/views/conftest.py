"""The standing cast of the desk: the clinic's own people, another clinic's, and a stranger."""

from collections.abc import Iterable

import pytest
from django.test import Client

from tests.factories.clinics import EVERY_RIGHT, make_clinic, make_staff
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.roles import Role


def signed_in(clinic: Clinic, role: Role | Iterable[Role]) -> Client:
    """Return a browser in which a person of that role is signed in."""
    browser = Client()
    browser.force_login(make_staff(clinic, role))
    return browser


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


@pytest.fixture
def sonographer(clinic: Clinic) -> Client:
    return signed_in(clinic, Role.SONOGRAPHER)


@pytest.fixture
def clinician(clinic: Clinic) -> Client:
    return signed_in(clinic, Role.CLINICIAN)


@pytest.fixture
def administrator(clinic: Clinic) -> Client:
    return signed_in(clinic, EVERY_RIGHT)


@pytest.fixture
def outsider() -> Client:
    return signed_in(make_clinic("Harbour Scans"), Role.CLINICIAN)
