"""Evidence covers everything that was signed, and nothing of it changes unseen."""

import hashlib
import json

import pytest
from django.db import connection
from django.utils import timezone

from consent import evidence
from consent.answers import Manner
from consent.models import ConsentRecord, Grant, Signature
from consent.sealed import drawing_of, name_match, seal_drawing, seal_text
from consent.services import live_wording
from consent.states import GrantDecision, GrantState, SignerRole
from tests.consent.cast import SCOPE, YEAR, a_picture, decide_as
from tests.triggers import without_triggers
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db

DRAWN = b"[[[1,1],[2,2]]]"


@pytest.fixture
def given(patient: Patient, clinician: User) -> Grant:
    grant = decide_as(patient, clinician, purpose="family", shown=[a_picture(), a_picture(b"film", "film")])
    return Grant.objects.get(pk=grant.pk)


def test_digest_is_the_sha256_of_canonical_json() -> None:
    """RFC 8785: keys in order, no blanks, text as it is."""
    told = {"b": "é", "a": 1, "c": None, "d": True}
    assert evidence.digest(told) == hashlib.sha256('{"a":1,"b":"é","c":null,"d":true}'.encode()).hexdigest()


@pytest.mark.requirement("R10")
def test_statement_names_wording_pictures_answer_signer_and_times(given: Grant) -> None:
    signature = given.record.signatures.get()
    told = evidence.statement(given, given.images.all(), signature)
    assert told["wording_sha256"] == given.wording.sha256
    assert told["purpose"] == "family"
    assert told["scope"] == str(SCOPE)
    assert told["decision"] == "permit"
    assert told["language"] == "en"
    assert told["signer_match"] == name_match("Marian Willow", given.record_id)
    assert told["signed_at"] == told["valid_from"]
    assert isinstance(told["images"], list)
    assert {image["sha256"] for image in told["images"]} == {image.sha256 for image in given.images.all()}
    assert all(image["shown_at"] == told["signed_at"] for image in told["images"])


def test_what_was_read_back_gives_the_hash_that_was_signed(given: Grant) -> None:
    assert evidence.is_whole(given)


def test_evidence_of_a_refusal_is_whole(patient: Patient, clinician: User) -> None:
    refusal = decide_as(patient, clinician, GrantDecision.DENY, shown=[], signer_name="")
    assert evidence.is_whole(Grant.objects.get(pk=refusal.pk))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE consent_grant SET valid_until = '2099-01-01 00:00:00+00:00'",
        "UPDATE consent_grant SET scope_id = '{other}'",
        "UPDATE consent_grantimage SET sha256 = '{zeros}' WHERE kind = 'film'",
        "DELETE FROM consent_grantimage WHERE kind = 'film'",
        "UPDATE consent_signature SET name_match = '{zeros}'",
        "UPDATE consent_signature SET name_object_id = '{other}'",
        "UPDATE consent_signature SET evidence_sha256 = '{zeros}'",
        "UPDATE consent_wording SET audience = 'Nobody' WHERE purpose_id = 'family'",
        "DELETE FROM consent_signature",
        "UPDATE consent_capacity SET basis = 'guardian'",
        "UPDATE consent_capacity SET ends_at = '2099-01-01 00:00:00+00:00'",
        "UPDATE consent_capacity SET details_match = '{zeros}'",
        "UPDATE consent_neededsignature SET role = 'witness'",
        "DELETE FROM consent_neededsignature",
        "UPDATE consent_wording SET redisclosure = '' WHERE purpose_id = 'family'",
        "UPDATE consent_signature SET evidence_format = 1",
        "UPDATE consent_signature SET evidence_format = 2",
        "UPDATE consent_consentrecord SET second_secret = 'sms'",
        "UPDATE consent_signature SET drawing_sha256 = '{zeros}'",
    ],
)
def test_a_change_behind_the_guards_is_seen(given: Grant, tampering: str) -> None:
    connection.check_constraints()  # nothing may be pending on PostgreSQL when triggers are lifted
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(tampering.format(zeros="0" * 64, other="0" * 32))
        connection.check_constraints()
    assert not evidence.is_whole(Grant.objects.get(pk=given.pk))


def test_without_a_signature_nothing_is_whole(patient: Patient, clinician: User) -> None:
    now = timezone.now()
    record = ConsentRecord.objects.create(clinic=patient.clinic, patient=patient, opened_by=clinician, opened_at=now)
    wording = live_wording("own_copy")
    unsigned = Grant.objects.create(
        record=record,
        clinic=patient.clinic,
        patient=patient,
        purpose=wording.purpose,
        scope_id=SCOPE,
        wording=wording,
        decision=GrantDecision.PERMIT,
        state=GrantState.PENDING,
        valid_from=now,
        valid_until=now + YEAR,
    )
    assert not evidence.is_whole(unsigned)


def test_wording_digest_changes_with_every_part() -> None:
    text = evidence.wording_text(live_wording("social_media"))
    digests = {evidence.wording_digest({**text, part: f"{text[part]}x"}) for part in text}
    assert len(digests) == len(text)
    assert evidence.wording_digest(text) not in digests


def test_wording_digest_needs_every_part() -> None:
    text = evidence.wording_text(live_wording("own_copy"))
    del text["storage"]
    with pytest.raises(KeyError):
        evidence.wording_digest(text)


def test_evidence_keeps_the_patient_out(given: Grant) -> None:
    """What is hashed holds keys and digests only, so that a bare hash cannot be tried with names."""
    told = json.dumps(evidence.statement(given, given.images.all(), given.record.signatures.get()))
    assert "willow" not in told.lower()
    assert "marian" not in told.lower()


def test_another_name_sealed_in_its_place_is_seen(given: Grant) -> None:
    """Whoever can seal, but cannot bind, changes the name: its seal is whole, the evidence is not."""
    object_id, blob = seal_text("Someone Else", clinic_id=given.clinic_id)
    connection.check_constraints()
    with without_triggers():
        Signature.objects.update(name_object_id=object_id, name_sealed=blob)
        connection.check_constraints()
    assert not evidence.is_whole(Grant.objects.get(pk=given.pk))


def test_a_name_shredded_on_purpose_leaves_the_evidence_whole(given: Grant) -> None:
    shred(given.record.signatures.get().name_object_id)
    assert evidence.is_whole(Grant.objects.get(pk=given.pk))


def test_what_was_signed_in_an_earlier_format_is_read_as_such(given: Grant) -> None:
    signature, images = given.record.signatures.get(), list(given.images.all())
    told = {}
    for signature.evidence_format in (1, 2, 3):
        told[signature.evidence_format] = evidence.statement(given, images, signature).keys()
    assert told[2] - told[1] >= {"basis", "needs", "recipient_match"}
    assert told[3] - told[2] == {"second_secret", "drawing_sha256"}


def test_a_drawing_is_bound_by_its_hash_and_one_shredded_says_nothing_else(patient: Patient, clinician: User) -> None:
    manner = Manner(drawings={SignerRole.PATIENT: DRAWN})
    grant = decide_as(patient, clinician, manner=manner)
    signature = grant.record.signatures.get()
    assert drawing_of(signature) == DRAWN
    assert evidence.is_whole(Grant.objects.get(pk=grant.pk))
    object_id, _ = seal_drawing(b"[[[1,1],[9,9]]]", clinic_id=grant.clinic_id)
    connection.check_constraints()
    with without_triggers():
        Signature.objects.filter(pk=signature.pk).update(drawing_object_id=object_id)
        connection.check_constraints()
    assert not evidence.is_whole(Grant.objects.get(pk=grant.pk))
    shred(object_id)
    assert evidence.is_whole(Grant.objects.get(pk=grant.pk))
    assert drawing_of(grant.record.signatures.get()) is None
