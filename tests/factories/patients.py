"""Invented patients."""

from itertools import count

from tests.factories.clinics import make_clinic
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import Identity, find_or_create

_numbers = count(1)


def make_identity(name: str = "", record_number: str = "", birth_date: str = "19900704") -> Identity:
    """Return an identity nobody has."""
    number = next(_numbers)
    return Identity(
        name=name or f"Testwoman{number}^Anna",
        record_number=record_number or f"MRN{number:05}",
        birth_date=birth_date,
    )


def make_patient(clinic: Clinic | None = None, identity: Identity | None = None) -> Patient:
    """Return a stored patient."""
    return find_or_create(clinic or make_clinic(), identity or make_identity())
