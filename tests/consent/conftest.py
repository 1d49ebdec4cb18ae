"""People and places of the consent tests."""

import pytest

from tests.consent.cast import a_clinic, a_member, a_patient
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient


@pytest.fixture
def clinic(db: None) -> Clinic:
    return a_clinic()


@pytest.fixture
def clinician(clinic: Clinic) -> User:
    return a_member(clinic)


@pytest.fixture
def patient(clinic: Clinic) -> Patient:
    return a_patient(clinic)
