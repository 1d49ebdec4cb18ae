"""A patient's row shows nothing about her."""

import pytest
from django.db import IntegrityError, connection

from tests.factories.clinics import make_clinic
from tests.factories.patients import make_identity, make_patient
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def test_the_row_holds_no_name_number_or_date() -> None:
    make_patient(identity=make_identity(name="Quillfeather^Zora", record_number="MRN55512", birth_date="19870123"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM patients_patient")
        row = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert not [word for word in ("uillfeather", "Zora", "55512", "19870123") if word in row]


def test_one_patient_per_identity_and_clinic() -> None:
    patient = make_patient()
    with pytest.raises(IntegrityError):
        Patient.objects.create(
            clinic=patient.clinic,
            identity_object_id=patient.identity_object_id,
            identity_sealed=b"",
            match_value=patient.match_value,
        )


def test_it_is_named_by_key() -> None:
    patient = make_patient(make_clinic())
    assert str(patient) == str(patient.pk)
