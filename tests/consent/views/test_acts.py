"""What the desk does to one answer, and what it says where that cannot be done."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from consent.ending import suspend
from consent.models import Grant, Suspension, Task
from consent.sealed import reason_of
from consent.services import withdraw_consent
from consent.states import GrantState, SuspensionCause, TaskKind, WithdrawalChannel
from tests.consent.cast import a_clinic, a_member, a_patient, a_pending, decide_as
from ultrasound_portal.clinics.models import User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, clinician: User) -> Client:
    client.force_login(clinician)
    return client


@pytest.fixture
def given(patient: Patient, clinician: User) -> Grant:
    return decide_as(patient, clinician)


def act(desk: Client, what_is_done: str, grant: Grant, **said: str) -> HttpResponse:
    return desk.post(reverse(f"consent:{what_is_done}", args=[grant.pk]), said, follow=True)


def state(grant: Grant) -> str:
    return Grant.objects.get(pk=grant.pk).state


@pytest.mark.requirement("R20")
def test_a_relatives_request_suspends_in_one_step_and_is_decided_by_staff(desk: Client, given: Grant) -> None:
    page = act(desk, "suspend", given, cause="family", reason="Her sister rang").content.decode()
    assert state(given) == GrantState.SUSPENDED
    assert reason_of(Suspension.objects.get()) == "Her sister rang"
    assert "To do: Decide about a yes that is suspended" in page
    assert "Her sister rang" in page
    page = act(desk, "resume", given).content.decode()
    assert state(given) == GrantState.ACTIVE
    assert "To do:" not in page


@pytest.mark.requirement("R24")
def test_a_missing_name_is_added(desk: Client, patient: Patient, clinician: User) -> None:
    pending = a_pending(patient, clinician)
    page = desk.get(reverse("consent:grant", args=[pending.pk])).content.decode()
    assert "Missing: Patient, agreeing with who decides" in page
    act(desk, "sign", pending, role="assent", name="Marian", method="typed")
    assert state(pending) == GrantState.ACTIVE


def test_an_answer_is_corrected_with_its_reason(desk: Client, given: Grant) -> None:
    page = act(desk, "correct", given, reason="Another patient").content.decode()
    assert state(given) == GrantState.IN_ERROR
    assert "Another patient" in page


@pytest.mark.requirement("R28")
@pytest.mark.parametrize(("what", "cause"), [("died", "death"), ("unable", "capacity")])
def test_a_death_or_a_loss_of_capacity_suspends(what: str, cause: str, desk: Client, given: Grant) -> None:
    act(desk, "standing", given, what=what)
    assert state(given) == GrantState.SUSPENDED
    assert Suspension.objects.get().cause == cause
    page = act(desk, "resume", given).content.decode()
    assert "It is on record that the patient" in page
    assert state(given) == GrantState.SUSPENDED


@pytest.mark.parametrize("name", ["suspend", "sign", "correct", "standing"])
def test_an_empty_form_does_nothing(name: str, desk: Client, given: Grant) -> None:
    where = reverse(f"consent:{name}", args=[given.pk])
    assert desk.get(where).status_code == 200
    assert desk.post(where).status_code == 422
    assert state(given) == GrantState.ACTIVE


def test_what_came_too_late_is_explained(desk: Client, given: Grant, clinician: User) -> None:
    withdraw_consent(given, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert "no longer active" in act(desk, "suspend", given, cause="family", reason="").content.decode()
    assert "not suspended" in act(desk, "resume", given).content.decode()


def test_a_task_is_done_by_a_person(desk: Client, patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician, purpose="teaching")
    withdraw_consent(grant, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    task = Task.objects.get(kind=TaskKind.RECALL)
    assert "Take the pictures out" in desk.get(reverse("consent:grant", args=[grant.pk])).content.decode()
    desk.post(reverse("consent:task_done", args=[task.pk]))
    task.refresh_from_db()
    assert task.done_by == clinician


@pytest.mark.parametrize("name", ["suspend", "sign", "correct", "standing", "resume", "task_done"])
def test_another_clinics_answer_is_absent_and_other_roles_are_refused(
    name: str, desk: Client, given: Grant, clinician: User
) -> None:
    elsewhere = a_clinic("Hillside Ultrasound")
    theirs = decide_as(a_patient(elsewhere), a_member(elsewhere))
    suspend(theirs, SuspensionCause.FAMILY, actor=f"user:{clinician.pk}")
    key = Task.objects.get().pk if name == "task_done" else theirs.pk
    where = reverse(f"consent:{name}", args=[key])
    assert desk.post(where).status_code == 404
    desk.force_login(a_member(given.clinic, Role.SONOGRAPHER))
    assert desk.post(where).status_code == 403
