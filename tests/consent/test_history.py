"""The story of a grant, told from its rows."""

import uuid

import pytest
from django.utils import timezone

from consent.history import Moment, moments
from consent.models import Grant
from consent.services import withdraw_consent
from consent.states import GrantDecision, WithdrawalChannel
from tests.consent.cast import OTHER_SCOPE, YEAR, decide_as
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def told(grant: Grant) -> list[tuple[str, str]]:
    found = moments(Grant.objects.get(pk=grant.pk), timezone.now())
    assert found == sorted(found, key=lambda moment: moment.at)
    return [(moment.what, moment.who) for moment in found]


SHOWN = ("The pictures were shown and the wording was read", "Robin Ash")
SIGNED = ("Agreed and signed", "Marian Willow")


def test_a_yes_is_shown_and_signed(patient: Patient, clinician: User) -> None:
    assert told(decide_as(patient, clinician)) == [SHOWN, SIGNED]


def test_a_refusal_is_told_as_one(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY, shown=[])
    assert told(refusal) == [("The wording was read", "Robin Ash"), ("Refused", "Marian Willow")]


def test_a_withdrawal_at_the_desk_names_who_took_it(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdraw_consent(grant, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert told(grant)[2:] == [("Withdrawn: by phone", "Robin Ash")]


def test_a_reason_is_told_as_it_was_given(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdraw_consent(
        grant, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE, reason="for my sister's sake"
    )
    story = moments(Grant.objects.get(pk=grant.pk), timezone.now())
    assert [moment.why for moment in story] == ["", "", "for my sister's sake"]


@pytest.mark.requirement("R17")
def test_a_withdrawal_from_the_link_is_the_patients_own(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdraw_consent(grant, actor=f"link:{uuid.uuid4()}", channel=WithdrawalChannel.LINK)
    assert told(grant)[2:] == [("Withdrawn: from the patient's own page", "")]


def test_a_replaced_answer_tells_when(patient: Patient, clinician: User) -> None:
    older = decide_as(patient, clinician)
    decide_as(patient, clinician, scope_id=OTHER_SCOPE)
    newer = decide_as(patient, clinician)
    decide_as(patient, clinician)
    assert told(older)[2:] == [("Replaced by a newer answer", "")]
    replaced = moments(Grant.objects.get(pk=older.pk), timezone.now())[-1]
    assert replaced.at == newer.valid_from


def test_an_answer_past_its_end_tells_when_it_ended(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    assert grant.valid_until is not None
    ended = moments(grant, timezone.now() + 2 * YEAR)[-1]
    assert ended == Moment(grant.valid_until, "Ended on the date that was agreed")
