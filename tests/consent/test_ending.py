"""How a yes ends or rests."""

import datetime

import pytest
from django.utils import timezone

from consent.ending import lapse, mark_in_error, resume, suspend
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant, Suspension, Task
from consent.sealed import reason_of
from consent.services import active_grant, withdraw_consent
from consent.states import (
    GrantDecision,
    GrantState,
    SuspensionCause,
    SuspensionOutcome,
    TaskKind,
    WithdrawalChannel,
)
from tests.consent.cast import SCOPE, YEAR, a_pending, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import verify
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def given(patient: Patient, clinician: User) -> Grant:
    return decide_as(patient, clinician)


def state(grant: Grant) -> str:
    return Grant.objects.get(pk=grant.pk).state


def rest(grant: Grant, by: User, reason: str = "Her sister rang") -> Suspension:
    return suspend(grant, SuspensionCause.FAMILY, actor=f"user:{by.pk}", reason=reason)


@pytest.mark.requirement("R20")
def test_a_relatives_request_suspends_at_once_and_asks_staff(given: Grant, clinician: User) -> None:
    suspension = rest(given, clinician)
    assert state(given) == GrantState.SUSPENDED
    assert active_grant(given.patient, "own_copy", SCOPE) is None
    assert reason_of(suspension) == "Her sister rang"
    assert Task.objects.get().kind == TaskKind.DECIDE
    assert Entry.objects.latest("seq").event == Event.CONSENT_SUSPENDED
    assert "family" in str(suspension)


@pytest.mark.requirement("R20")
def test_staff_let_it_hold_again_or_end_it(given: Grant, clinician: User) -> None:
    rest(given, clinician)
    resume(given, by=clinician)
    assert state(given) == GrantState.ACTIVE
    rest(given, clinician)
    withdraw_consent(given, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.IN_PERSON)
    assert state(given) == GrantState.WITHDRAWN
    outcomes = Suspension.objects.order_by("at").values_list("outcome", flat=True)
    assert list(outcomes) == [SuspensionOutcome.RESUMED, SuspensionOutcome.ENDED]
    assert not Task.objects.filter(done_at=None).exists()
    assert verify().whole


def test_what_does_not_hold_neither_rests_nor_resumes(given: Grant, patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY, purpose="family")
    for act, grant, reason in (
        (lambda: rest(refusal, clinician), refusal, RefusalReason.NOT_ACTIVE),
        (lambda: resume(given, by=clinician), given, RefusalReason.NOT_SUSPENDED),
    ):
        before = state(grant)
        with pytest.raises(ConsentRefused) as refused:
            act()
        assert (refused.value.reason, state(grant)) == (reason, before)


def test_a_suspended_yes_whose_time_is_over_does_not_come_back(
    given: Grant, clinician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest(given, clinician)
    later = timezone.now() + 2 * YEAR
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(ConsentRefused, match="not_suspended"):
        resume(given, by=clinician)


def test_a_newer_answer_ends_a_suspended_one(given: Grant, clinician: User) -> None:
    rest(given, clinician)
    newer = decide_as(given.patient, clinician)
    assert (state(given), newer.state) == (GrantState.SUPERSEDED, GrantState.ACTIVE)
    assert not Task.objects.filter(done_at=None).exists()


def test_a_pending_yes_can_be_taken_back(patient: Patient, clinician: User) -> None:
    pending = a_pending(patient, clinician)
    withdraw_consent(pending, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert state(pending) == GrantState.WITHDRAWN
    assert not Task.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(("purpose", "kinds"), [("teaching", ["recall"]), ("own_copy", [])])
def test_what_no_link_reaches_becomes_a_task(purpose: str, kinds: list[str], patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician, purpose=purpose)
    withdraw_consent(grant, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert list(Task.objects.filter(done_at=None).values_list("kind", flat=True)) == kinds


def test_time_is_noted_once_and_only_when_it_is_over(given: Grant) -> None:
    assert given.valid_until is not None
    assert not lapse(given, given.valid_until - datetime.timedelta(seconds=1))
    assert lapse(given, given.valid_until)
    assert not lapse(given, given.valid_until)
    assert state(given) == GrantState.EXPIRED
    assert Entry.objects.filter(event=Event.CONSENT_EXPIRED).count() == 1


@pytest.mark.parametrize("decision", GrantDecision)
def test_an_answer_entered_in_error_stays_on_record_and_counts_for_nothing(
    decision: GrantDecision, patient: Patient, clinician: User
) -> None:
    grant = decide_as(patient, clinician, decision)
    with pytest.raises(ConsentRefused, match="reason_missing"):
        mark_in_error(grant, by=clinician, reason=" ")
    mark_in_error(grant, by=clinician, reason="Another patient's study")
    found = Grant.objects.get(pk=grant.pk)
    assert found.state == GrantState.IN_ERROR
    assert reason_of(found.withdrawal) == "Another patient's study"
    with pytest.raises(ConsentRefused, match="not_active"):
        mark_in_error(grant, by=clinician, reason="again")


def test_nobody_withdraws_by_correction(given: Grant, clinician: User) -> None:
    with pytest.raises(ConsentRefused, match="unknown_channel"):
        withdraw_consent(given, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.CORRECTION)
