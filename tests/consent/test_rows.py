"""What an answer leaves in the tables: sealed names, the right behind it, and evidence that binds it all."""

import pytest

from consent import evidence
from consent.models import Grant, Purpose, Signature
from consent.offers import offer
from consent.sealed import details_of, name_of, recipient_of
from consent.services import NamedRecipient
from consent.states import SignerRole, SigningMethod
from tests.consent.cast import a_guardian, a_month, decide_as
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


def test_the_signature_names_the_patient_and_holds_the_evidence(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician, signer_name="  Marian Willow ", method=SigningMethod.PAPER)
    signature = Signature.objects.get(record=grant.record)
    assert (signature.role, name_of(signature), signature.method) == ("patient", "Marian Willow", "paper")
    assert signature.evidence_sha256 == evidence.digest(evidence.statement(grant, grant.images.all(), signature))


@pytest.mark.requirement("R7")
def test_the_own_tick_for_posting_is_kept_with_the_signature(patient: Patient, clinician: User) -> None:
    offer(Purpose.objects.get(pk="social_media"), patient.clinic)
    grant = decide_as(patient, clinician, purpose="social_media")
    assert grant.record.signatures.get().permanence_acknowledged


@pytest.mark.requirement("R14")
def test_the_named_colleague_is_sealed_and_bound(patient: Patient, clinician: User) -> None:
    grant = decide_as(
        patient, clinician, purpose="consult", recipient=NamedRecipient(" Dr Linden ", "register"), **a_month()
    )
    found = Grant.objects.get(pk=grant.pk)
    assert recipient_of(found.record.recipient) == "Dr Linden"
    assert found.record.recipient.verified_by == clinician
    assert evidence.is_whole(found)


@pytest.mark.requirement("R26")
def test_what_was_said_about_a_right_is_sealed_and_bound(patient: Patient, clinician: User) -> None:
    grant = decide_as(
        patient, clinician, claim=a_guardian(), signer_name="Rowan Elm", also={SignerRole.ASSENT: "Marian"}
    )
    found = Grant.objects.get(pk=grant.pk)
    assert details_of(found.record.capacity)["proof"] == "Order 12/3 of the family court"
    assert evidence.is_whole(found)
    shred(found.record.capacity.details_object_id)
    assert details_of(found.record.capacity) == {}
    assert evidence.is_whole(Grant.objects.get(pk=grant.pk))


def test_who_heard_and_who_interpreted_stand_on_record(patient: Patient, clinician: User) -> None:
    grant = decide_as(
        patient,
        clinician,
        method=SigningMethod.SPOKEN,
        also={SignerRole.WITNESS: "Robin Oak", SignerRole.INTERPRETER: "Iris Fern"},
    )
    roles = set(grant.record.signatures.values_list("role", flat=True))
    assert roles == {"patient", "witness", "interpreter"}
    assert set(grant.record.needed.values_list("role", flat=True)) == {"patient", "witness"}
