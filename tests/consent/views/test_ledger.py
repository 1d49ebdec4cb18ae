"""The ledger shows the clinic's answers, without names, and notes who read it."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.services import withdraw_consent
from consent.states import GrantDecision, WithdrawalChannel
from tests.consent.cast import OTHER_SCOPE, SCOPE, a_clinic, a_member, a_patient, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db

LEDGER = reverse("consent:ledger")


@pytest.fixture
def administrator(clinic: Clinic) -> User:
    return a_member(clinic, Role.ADMINISTRATOR, "Sam Birch")


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
