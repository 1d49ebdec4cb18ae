"""Patients are found by what people type, and the table of terms tells nobody anything."""

import pytest

from tests.factories.clinics import make_clinic
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients import finding
from ultrasound_portal.patients.models import Patient, SearchTerm
from ultrasound_portal.patients.services import Identity, find_or_create, forget, index_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


def patient(clinic: Clinic, name: str = "Østergård-Müller^Anne Marie", record: str = "MRN-77.001") -> Patient:
    return find_or_create(clinic, Identity(name=name, record_number=record, birth_date="19900704"))


@pytest.mark.parametrize(
    "text",
    [
        "muller",
        "MÜLLER, anne",
        "anne marie østergård",
        "MRN 77001",
        "mrn-77.001",
        "4.7.1990",
        "04/07/1990",
        "1990-07-04",
        "19900704",
    ],
)
def test_she_is_found_by_whole_words_record_number_and_birth_date(clinic: Clinic, text: str) -> None:
    wanted = patient(clinic)
    find_or_create(clinic, Identity(name="Testwoman^Berta", record_number="9", birth_date="19810101"))
    patient(make_clinic())
    assert finding.search(clinic, text) == [wanted.pk]


@pytest.mark.parametrize("text", ["", " ", "mull", "anne berta", "77", "1990", "a", "%", "' or 1=1 --"])
def test_nobody_is_found_by_less(clinic: Clinic, text: str) -> None:
    patient(clinic)
    assert finding.search(clinic, text) == []


def test_all_words_have_to_fit_and_the_newest_come_first(clinic: Clinic) -> None:
    first, second = patient(clinic, "Rossi^Anna", "1"), patient(clinic, "Rossi^Berta", "2")
    assert finding.search(clinic, "rossi") == [second.pk, first.pk]
    assert finding.search(clinic, "rossi anna") == [first.pk]


def test_no_more_than_a_page_of_them(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "FOUND_AT_MOST", 2)
    for number in range(3):
        patient(clinic, "Rossi^Anna", str(number))
    assert len(finding.search(clinic, "rossi")) == 2


@pytest.mark.requirement("R50")
def test_a_forgotten_patient_is_found_no_more(clinic: Clinic) -> None:
    forget(patient(clinic), actor="system:test")
    assert finding.search(clinic, "muller") == []
    assert not SearchTerm.objects.exists()
    assert index_all() == 0


def test_patients_from_before_are_indexed_once(clinic: Clinic) -> None:
    patient(clinic)
    SearchTerm.objects.all().delete()
    assert [index_all(), index_all()] == [1, 0]
    assert finding.search(clinic, "muller")


def test_the_same_word_in_two_clinics_is_another_digest(clinic: Clinic) -> None:
    digests = [set(patient(one).search_terms.values_list("digest", flat=True)) for one in (clinic, make_clinic())]
    assert digests[0].isdisjoint(digests[1])
