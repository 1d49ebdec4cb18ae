"""Names and reasons are sealed; a name is bound to its record by a keyed digest and opened for the grant's page."""

import uuid

import pytest

from consent.models import Grant, Signature, Withdrawal
from consent.sealed import UNREADABLE, is_bound, name_match, name_of, reason_of, seal_text
from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from tests.consent.cast import decide_as
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(patient: Patient, clinician: User) -> Grant:
    return decide_as(patient, clinician, signer_name="Márian  Willow")


@pytest.fixture
def signature(given: Grant) -> Signature:
    return Signature.objects.get(record=given.record)


def withdrawn(given: Grant, by: User, reason: str) -> Withdrawal:
    withdraw_consent(given, actor=f"user:{by.pk}", channel=WithdrawalChannel.PHONE, reason=reason)
    return Withdrawal.objects.get(grant=given)


def test_a_name_is_read_as_it_was_typed(signature: Signature) -> None:
    assert name_of(signature) == "Márian  Willow"
    assert is_bound(signature)
    assert b"Willow" not in bytes(signature.name_sealed)
    row = SealedObject.objects.get(pk=signature.name_object_id)
    assert (row.kind, row.sha256, row.store_key) == (ObjectKind.DOCUMENT, "", "")


def test_a_reason_is_read_as_it_was_given(given: Grant, clinician: User) -> None:
    withdrawal = withdrawn(given, clinician, " My sister Iris asked me to ")
    assert reason_of(withdrawal) == "My sister Iris asked me to"
    assert b"Iris" not in bytes(withdrawal.reason_sealed)


def test_no_reason_seals_nothing(given: Grant, clinician: User) -> None:
    before = SealedObject.objects.count()
    assert reason_of(withdrawn(given, clinician, "  ")) == ""
    assert SealedObject.objects.count() == before


def test_one_name_in_two_records_matches_nowhere() -> None:
    """Two forms of the same letters and blanks are one name; another case or another record is another digest."""
    record = uuid.uuid4()
    match = name_match("Márian Willow", record)
    assert len(match) == 64
    assert name_match(" Ma\u0301rian \t Willow ", record) == match
    assert name_match("márian willow", record) != match
    assert name_match("Márian Willow", uuid.uuid4()) != match


def test_another_name_is_not_bound(given: Grant, signature: Signature) -> None:
    signature.name_object_id, signature.name_sealed = seal_text("Someone Else", clinic_id=given.clinic_id)
    assert name_of(signature) == "Someone Else"
    assert not is_bound(signature)


def test_a_seal_of_another_object_opens_nothing(given: Grant, signature: Signature) -> None:
    signature.name_sealed = seal_text("Someone Else", clinic_id=given.clinic_id)[1]
    assert name_of(signature) == UNREADABLE
    assert not is_bound(signature)


def test_a_name_without_its_key_is_not_bound(signature: Signature) -> None:
    SealedObject.objects.filter(pk=signature.name_object_id).delete()
    assert name_of(signature) == UNREADABLE
    assert not is_bound(signature)


def test_a_shredded_name_is_gone_and_accuses_nobody(signature: Signature) -> None:
    shred(signature.name_object_id)
    assert name_of(signature) == UNREADABLE
    assert is_bound(signature)


def test_a_shredded_reason_is_gone(given: Grant, clinician: User) -> None:
    withdrawal = withdrawn(given, clinician, "changed my mind")
    assert withdrawal.reason_object_id is not None
    shred(withdrawal.reason_object_id)
    assert reason_of(withdrawal) == UNREADABLE
