"""A care status is versioned and sealed, asks for quiet, and comes back to warmth on the word of staff alone."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.factories.clinics import make_staff
from tests.factories.patients import make_patient
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients.care import CareStatus, care_of, is_quiet, note_status, quiet_patients
from ultrasound_portal.patients.errors import CareRefused
from ultrasound_portal.patients.models import CareNote, Patient
from ultrasound_portal.patients.services import forget

pytestmark = [pytest.mark.django_db, pytest.mark.database]

QUIET = [CareStatus.ON_HOLD, CareStatus.LOSS, CareStatus.NOT_SAID]
HERSELF = f"link:{'0' * 8}-0000-4000-8000-{'0' * 12}"


@pytest.fixture
def patient() -> Patient:
    return make_patient()


@pytest.fixture
def staff(patient: Patient) -> str:
    return f"user:{make_staff(patient.clinic).pk}"


def quiet_keys() -> set[object]:
    return set(Patient.objects.filter(pk__in=quiet_patients()).values_list("pk", flat=True))


def test_nothing_said_is_going_on(patient: Patient) -> None:
    assert care_of(patient).status is CareStatus.CONTINUING
    assert care_of(patient).noted_at is None
    assert not is_quiet(patient.pk)


@pytest.mark.parametrize("status", QUIET)
def test_all_else_is_quiet_and_staff_end_it(patient: Patient, staff: str, status: CareStatus) -> None:
    other = make_patient()
    assert note_status(patient, status, actor=staff)
    assert (care_of(patient).status, is_quiet(patient.pk), quiet_keys()) == (status, True, {patient.pk})
    assert f"user:{getattr(care_of(patient).by, 'pk', '')}" == staff
    assert note_status(patient, CareStatus.CONTINUING, actor=staff)
    assert (care_of(patient).status, is_quiet(patient.pk), quiet_keys()) == (CareStatus.CONTINUING, False, set())
    assert care_of(other).status is CareStatus.CONTINUING
    assert list(CareNote.objects.values_list("number", "quiet")) == [(1, True), (2, False)]


def test_the_same_again_is_no_version(patient: Patient, staff: str) -> None:
    assert not note_status(patient, CareStatus.CONTINUING, actor=staff)
    assert note_status(patient, CareStatus.LOSS, actor=staff)
    assert not note_status(patient, CareStatus.LOSS, actor=staff)
    assert CareNote.objects.count() == 1


def test_her_own_page_begins_quiet_and_never_ends_it(patient: Patient, staff: str) -> None:
    note_status(patient, CareStatus.NOT_SAID, actor=HERSELF)
    assert care_of(patient).by is None
    with pytest.raises(CareRefused):
        note_status(patient, CareStatus.CONTINUING, actor=HERSELF)
    assert is_quiet(patient.pk)
    assert note_status(patient, CareStatus.LOSS, actor=HERSELF)
    assert note_status(patient, CareStatus.CONTINUING, actor=staff)


@pytest.mark.requirement("R40")
def test_neither_row_nor_trail_says_why(patient: Patient, staff: str) -> None:
    note_status(patient, CareStatus.LOSS, actor=staff)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM patients_carenote")
        row = repr([bytes(v) if isinstance(v, memoryview) else v for v in cursor.fetchone()])
    assert "loss" not in row
    entry = Entry.objects.get(event="care_status_noted")
    assert (entry.patient_id, entry.detail) == (patient.pk, {"version": 1, "quiet": True})


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_version_stays_as_it_is(patient: Patient, staff: str, act: str) -> None:
    note_status(patient, CareStatus.LOSS, actor=staff)
    notes = CareNote.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        notes.update(quiet=False) if act == "update" else notes.delete()
    assert is_quiet(patient.pk)


def test_a_forgotten_patient_stays_quiet_and_unsaid(patient: Patient, staff: str) -> None:
    note_status(patient, CareStatus.LOSS, actor=staff)
    forget(patient, actor="system:test")
    assert care_of(patient).status is CareStatus.NOT_SAID
    assert care_of(patient).noted_at is not None
    assert is_quiet(patient.pk)


def test_the_moment_is_kept(patient: Patient, staff: str) -> None:
    note_status(patient, CareStatus.ON_HOLD, actor=staff)
    noted = care_of(patient).noted_at
    assert noted is not None
    assert timezone.now() - noted < timedelta(minutes=1)
