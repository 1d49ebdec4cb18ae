"""The ledger shows the clinic's answers, without names, and notes who read it."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.services import withdraw_consent
from consent.states import GrantDecision, WithdrawalChannel
from tests.consent.cast import OTHER_SCOPE, SCOPE, a_clinic, a_member, a_patient, a_pending, decide_as
from tests.factories.clinics import EVERY_RIGHT
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import Identity, find_or_create

pytestmark = pytest.mark.django_db

LEDGER = reverse("consent:ledger")


@pytest.fixture
def administrator(clinic: Clinic) -> User:
    return a_member(clinic, EVERY_RIGHT, "Sam Birch")


@pytest.fixture
def desk(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def states(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('class="badge badge--')[1:]]


def read(desk: Client, query: str = "") -> str:
    answer = desk.get(LEDGER + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(desk: Client, patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    page = read(desk)
    assert states(page) == ["active"]
    assert "My own copy" in page
    assert reverse("consent:grant", args=[grant.pk]) in page
    assert clinician.display_name in page


def test_each_answer_names_its_study(desk: Client, patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician)
    decide_as(patient, clinician, scope_id=OTHER_SCOPE)
    page = read(desk)
    assert states(page) == ["active", "active"]
    for scope in (SCOPE, OTHER_SCOPE):
        assert page.count(f'href="{reverse("deid:study", args=[scope])}"') == 1


def test_names_stay_sealed(desk: Client, patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician)
    page = read(desk)
    assert "Willow" not in page
    assert "Marian" not in page


def test_an_empty_ledger_says_what_to_do(desk: Client) -> None:
    page = read(desk)
    assert "No answers yet" in page
    assert reverse("deid:worklist") in page


def test_a_choice_without_a_result_says_what_to_do(desk: Client, patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician)
    assert "Nothing fits this choice" in read(desk, "?state=withdrawn")


def test_another_clinics_answers_are_absent(desk: Client) -> None:
    elsewhere = a_clinic("Hillside Ultrasound")
    decide_as(a_patient(elsewhere), a_member(elsewhere))
    assert "No answers yet" in read(desk)


@pytest.mark.parametrize("query", ["?state=refused", "?purpose=family", "?purpose=family&state=refused"])
def test_it_is_narrowed_by_purpose_and_state(query: str, desk: Client, patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician)
    decide_as(patient, clinician, GrantDecision.DENY, purpose="family")
    assert states(read(desk, query)) == ["refused"]


def test_it_is_narrowed_to_one_patient(desk: Client, patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician)
    decide_as(a_patient(patient.clinic, "Rowan^Iris"), clinician, GrantDecision.DENY)
    page = read(desk, f"?patient={patient.pk}")
    assert states(page) == ["active"]
    assert "one patient only" in page
    assert Entry.objects.filter(event=Event.CONSENT_LEDGER_READ).latest("seq").patient_id == patient.pk


@pytest.mark.parametrize("query", ["?patient=Willow", "?state=open", "?purpose=everything"])
def test_a_choice_that_makes_no_sense_finds_nothing(
    query: str, desk: Client, patient: Patient, clinician: User
) -> None:
    decide_as(patient, clinician)
    assert states(read(desk, query)) == []


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?page=-1"])
def test_a_page_that_is_not_there_shows_one_that_is(
    query: str, desk: Client, patient: Patient, clinician: User
) -> None:
    decide_as(patient, clinician)
    assert states(read(desk, query)) == ["active"]


def test_pages_keep_the_choice_and_cost_the_same(desk: Client, clinic: Clinic, clinician: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(desk, "?state=active")
        return len(queries)

    decide_as(a_patient(clinic), clinician)
    read(desk)
    few = cost()
    for _ in range(26):
        decide_as(a_patient(clinic), clinician)
    assert cost() == few
    first = read(desk, "?state=active")
    assert len(states(first)) == 25
    assert "?state=active&amp;page=2" in first
    second = read(desk, "?state=active&page=2")
    assert len(states(second)) == 2
    assert "?state=active&amp;page=1" in second


def test_reading_is_noted(desk: Client, administrator: User, patient: Patient, clinician: User) -> None:
    decide_as(patient, clinician)
    read(desk)
    entry = Entry.objects.get(event=Event.CONSENT_LEDGER_READ)
    assert entry.actor == f"user:{administrator.pk}"
    assert entry.detail == {"page": 1, "rows": 1}


def test_withdrawn_reads_withdrawn(desk: Client, patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdraw_consent(grant, actor=f"link:{uuid.uuid4()}", channel=WithdrawalChannel.LINK)
    assert states(read(desk)) == ["withdrawn"]


@pytest.mark.parametrize("role", [Role.SONOGRAPHER, Role.CLINICIAN])
def test_other_roles_do_not_read_the_ledger(role: Role, client: Client, clinic: Clinic) -> None:
    client.force_login(a_member(clinic, role))
    assert client.get(LEDGER).status_code == 403
    assert not Entry.objects.filter(event=Event.CONSENT_LEDGER_READ).exists()


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    answer = client.get(LEDGER)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("clinics:sign_in"))


def test_the_ledger_takes_no_changes(desk: Client) -> None:
    assert desk.post(LEDGER).status_code == 405


@pytest.mark.requirement("R41")
def test_saving_the_ledger_is_on_the_trail_and_narrowed_as_the_page_is(
    desk: Client, patient: Patient, clinician: User
) -> None:
    decide_as(patient, clinician)
    family = decide_as(patient, clinician, purpose="family")
    answer = desk.get(reverse("consent:csv"), {"purpose": "family"})
    text = b"".join(answer.streaming_content).decode()
    assert text.count("\r\n") == 2
    assert str(family.pk) in text
    assert Entry.objects.latest("seq").event == Event.CONSENT_EXPORTED


@pytest.mark.requirement("R16")
def test_one_answer_is_saved_for_the_chart(desk: Client, patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    answer = desk.get(reverse("consent:fhir", args=[grant.pk]))
    assert answer["Content-Type"] == "application/fhir+json"
    assert answer.json()["resourceType"] == "Consent"
    entry = Entry.objects.latest("seq")
    assert (entry.event, entry.grant_id) == (Event.CONSENT_EXPORTED, grant.pk)


def test_a_patient_is_found_by_all_three_and_by_nothing_less(desk: Client, clinic: Clinic, clinician: User) -> None:
    identity = Identity(name="Willow^Marian", record_number="MRN7", birth_date="19900214")
    patient = find_or_create(clinic, identity)
    decide_as(patient, clinician)
    said = {"name": "willow marian", "record_number": "mrn7", "birth_date": "1990-02-14"}
    found = desk.post(reverse("consent:find"), said)
    assert found["Location"] == f"{LEDGER}?patient={patient.pk}"
    missed = desk.post(reverse("consent:find"), {**said, "birth_date": ""}, follow=True)
    assert "No patient has exactly this name" in missed.content.decode()


def test_what_is_to_be_done_stands_above(desk: Client, patient: Patient, clinician: User) -> None:
    assert "To do" not in read(desk)
    a_pending(patient, clinician)
    assert "Get the signature that is missing" in read(desk)


def test_a_page_costs_the_same_however_long_the_ledger_is(desk: Client, patient: Patient, clinician: User) -> None:
    counted = []
    for _ in range(2):
        for _ in range(15):
            decide_as(patient, clinician, scope_id=uuid.uuid4())
        with CaptureQueriesContext(connection) as queries:
            read(desk)
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 22
