"""Identities are sealed, found again without being opened, and can be forgotten."""

import threading
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests.factories.clinics import make_clinic
from tests.factories.patients import make_identity, make_patient
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import (
    Identity,
    display_name,
    display_names,
    find,
    find_or_create,
    forget,
    identity_of,
    index_key_fits,
    readable,
)
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.errors import Destroyed, Tampered

pytestmark = pytest.mark.django_db
ANNA = Identity(name="TESTWOMAN^ANNA", record_number="MRN 001", birth_date="19900704")


def test_the_same_identity_is_the_same_patient() -> None:
    clinic = make_clinic()
    patient = find_or_create(clinic, ANNA)
    assert find_or_create(clinic, ANNA) == patient
    assert identity_of(patient) == ANNA
    assert Patient.objects.count() == 1


def test_a_patient_is_looked_for_without_being_made() -> None:
    clinic = make_clinic()
    assert find(clinic, ANNA) is None
    patient = find_or_create(clinic, ANNA)
    assert find(clinic, Identity(name="Testwoman, Anna", record_number="mrn 001", birth_date="19900704")) == patient
    assert find(make_clinic("Another"), ANNA) is None


@pytest.mark.parametrize(
    "spelling",
    [
        Identity("Testwoman^Anna", "MRN 001", "19900704"),
        Identity("testwoman, anna", " mrn  001 ", "19900704"),
        Identity("TESTWOMAN^ANNA^^^", "MRN 001", "19900704"),
        Identity("ＴＥＳＴＷＯＭＡＮ^ANNA", "MRN 001", "19900704"),
    ],
    ids=["case", "comma", "empty parts", "wide letters"],
)
def test_another_spelling_is_the_same_patient(spelling: Identity) -> None:
    clinic = make_clinic()
    assert find_or_create(clinic, spelling) == find_or_create(clinic, ANNA)


@pytest.mark.parametrize(
    "other",
    [
        Identity("TESTWOMAN^ANNE", "MRN 001", "19900704"),
        Identity("TESTWOMAN^ANNA", "MRN 002", "19900704"),
        Identity("TESTWOMAN^ANNA", "MRN 001", "19900705"),
        Identity("TESTWOMAN", "ANNA MRN 001", "19900704"),
    ],
    ids=["name", "number", "birth date", "parts shifted"],
)
def test_another_identity_is_another_patient(other: Identity) -> None:
    clinic = make_clinic()
    assert find_or_create(clinic, other) != find_or_create(clinic, ANNA)


@pytest.mark.requirement("R34")
def test_clinics_share_neither_patients_nor_match_values() -> None:
    one, two = (find_or_create(make_clinic(), ANNA) for _ in range(2))
    assert one != two
    assert one.match_value != two.match_value


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("TESTWOMAN^ANNA", "Testwoman, Anna"),
        ("de Vries^Anna^Maria^Dr", "de Vries, Anna Maria"),
        ("O'NEILL-SMITH^MARY", "O'Neill-Smith, Mary"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou"),
        ("Madonna", "Madonna"),
        ("^Anna", "Anna"),
        ("  ", "No name given"),
        ("", "No name given"),
    ],
)
def test_a_name_is_written_as_a_person_reads_it(name: str, read: str) -> None:
    assert readable(name) == read


def test_the_shown_name() -> None:
    assert display_name(make_patient(identity=ANNA)) == "Testwoman, Anna"


def test_many_names_take_one_query(django_assert_num_queries) -> None:
    clinic = make_clinic()
    patients = [make_patient(clinic, make_identity(name=f"Person{n}^Anna")) for n in range(3)]
    forget(patients[0], actor="system:test")
    with django_assert_num_queries(1):
        names = display_names(patients)
    assert names == {
        patients[0].pk: "No name given",
        patients[1].pk: "Person1, Anna",
        patients[2].pk: "Person2, Anna",
    }


def test_a_forgotten_identity_is_gone_for_good() -> None:
    patient = make_patient(identity=ANNA)
    forget(patient, actor="system:test")
    with pytest.raises(Destroyed):
        identity_of(patient)
    assert Patient.objects.filter(pk=patient.pk).exists()
    assert find_or_create(patient.clinic, ANNA) != patient
    assert Entry.objects.get(event="patient_forgotten").patient_id == patient.pk


def test_an_identity_moved_to_another_patient_is_refused() -> None:
    one, two = make_patient(), make_patient()
    one.identity_sealed = two.identity_sealed
    with pytest.raises(Tampered):
        identity_of(one)


def test_an_identity_is_not_shown_in_a_traceback() -> None:
    assert repr(ANNA) == "Identity(...)"


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_two_doors_that_meet_the_same_new_patient_make_one() -> None:
    clinic = make_clinic()
    start = threading.Barrier(3)
    found: list[Patient] = []

    def meet() -> None:
        start.wait()
        try:
            found.append(find_or_create(clinic, ANNA))
        finally:
            connection.close()

    doors = [threading.Thread(target=meet) for _ in range(3)]
    for door in doors:
        door.start()
    for door in doors:
        door.join()
    assert len({patient.pk for patient in found}) == 1
    assert len(found) == 3


def test_a_living_patient_tells_whether_the_index_key_fits(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    assert index_key_fits() is None
    patient = make_patient(identity=ANNA)
    assert index_key_fits() is True
    (tmp_path / "keys" / "index.key").write_bytes(bytes(32))
    assert index_key_fits() is False
    forget(patient, actor="system:test")
    assert index_key_fits() is None
