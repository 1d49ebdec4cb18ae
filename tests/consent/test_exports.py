"""What leaves the ledger: no cell computes, and a chart's own model accepts the consent."""

import csv
import io

import pytest
from django.utils import timezone
from fhir.resources.R4B.consent import Consent
from hypothesis import given
from hypothesis import strategies as st

from consent.ending import mark_in_error, suspend
from consent.exports import COLUMNS, disarmed, fhir_consent, lines
from consent.models import Grant
from consent.services import NamedRecipient, withdraw_consent
from consent.states import GrantDecision, SuspensionCause, WithdrawalChannel
from tests.consent.cast import a_month, a_pending, decide_as
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient


@given(text=st.text(max_size=40), start=st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋"]))
def test_no_cell_starts_a_formula_and_none_loses_its_text(text: str, start: str) -> None:
    cell = start + text
    out = disarmed(cell)
    assert out in {cell, f"'{cell}"}
    assert not out.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.django_db
def test_a_line_for_each_answer_with_the_evidence_and_no_name(patient: Patient, clinician: User) -> None:
    clinician.display_name = '=HYPERLINK("http://evil.example","x")'
    clinician.save()
    grant = decide_as(patient, clinician)
    text = "".join(lines(Grant.objects.all(), timezone.now()))
    heading, row = csv.reader(io.StringIO(text))
    assert tuple(heading) == COLUMNS
    told = dict(zip(heading, row, strict=True))
    assert told["answer"] == str(grant.pk)
    assert (told["state"], told["basis"], told["jurisdiction"]) == ("active", "adult", "us")
    assert told["evidence sha256"] == grant.record.signatures.get().evidence_sha256
    assert told["recorded by"].startswith("'=")
    assert "Willow" not in text


@pytest.mark.requirement("R16", "R54")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("yes", "active", "permit"),
        ("no", "rejected", "deny"),
        ("pending", "proposed", "permit"),
        ("suspended", "inactive", "permit"),
        ("withdrawn", "inactive", "permit"),
        ("in error", "entered-in-error", "permit"),
        ("consult", "active", "permit"),
        ("teaching", "active", "permit"),
    ],
)
def test_a_consent_is_what_fhir_says_a_consent_is(
    kind: str, status: str, said: str, patient: Patient, clinician: User
) -> None:
    actor = f"user:{clinician.pk}"
    if kind == "no":
        grant = decide_as(patient, clinician, GrantDecision.DENY, shown=[])
    elif kind == "pending":
        grant = a_pending(patient, clinician)
    elif kind == "consult":
        grant = decide_as(patient, clinician, purpose=kind, recipient=NamedRecipient("Dr L", "known"), **a_month())
    else:
        grant = decide_as(patient, clinician, purpose="teaching" if kind == "teaching" else "own_copy")
    if kind == "suspended":
        suspend(grant, SuspensionCause.FAMILY, actor=actor)
    elif kind == "withdrawn":
        withdraw_consent(grant, actor=actor, channel=WithdrawalChannel.PHONE)
    elif kind == "in error":
        mark_in_error(grant, by=clinician, reason="another patient")
    found = Grant.objects.get(pk=grant.pk)
    told = fhir_consent(found, timezone.now())
    read = Consent.model_validate(told)
    assert (read.status, read.provision.type) == (status, said)
    assert found.wording.sha256 in read.policy[0].uri
    assert len(read.provision.data or []) == found.images.count()
    assert read.verification[0].verified
    assert "Willow" not in read.model_dump_json()


@pytest.mark.django_db
def test_an_answer_past_its_end_is_inactive(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    assert grant.valid_until is not None
    assert fhir_consent(Grant.objects.get(pk=grant.pk), grant.valid_until)["status"] == "inactive"
