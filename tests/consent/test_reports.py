"""The ledger's questions find what they name and nothing else."""

import datetime
import uuid

import pytest
from django.db import transaction
from django.utils import timezone

from consent.forms import LedgerFilter
from consent.models import Grant
from consent.moving import note
from consent.reports import REPORTS, narrowed, of_patient, of_picture
from consent.services import withdraw_consent
from consent.states import GrantDecision, WithdrawalChannel
from tests.consent.cast import OTHER_SCOPE, a_clinic, a_patient, a_pending, a_picture, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def found(clinic: Clinic, **asked: str) -> set[uuid.UUID]:
    form = LedgerFilter(asked, clinic=clinic)
    assert form.is_valid(), form.errors
    return set(narrowed(Grant.objects.filter(clinic=clinic), form.cleaned_data).values_list("pk", flat=True))


def test_each_field_narrows(clinic: Clinic, patient: Patient, clinician: User) -> None:
    own = decide_as(patient, clinician).pk
    waits = a_pending(patient, clinician, purpose="family").pk
    other = a_patient(clinic, "Rowan^Iris")
    no = decide_as(other, clinician, GrantDecision.DENY).pk
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert found(clinic) == {own, waits, no}
    assert found(clinic, purpose="family") == {waits}
    assert found(clinic, state="pending") == {waits}
    assert found(clinic, basis="guardian") == {waits}
    assert found(clinic, patient=str(other.pk)) == {no}
    assert found(clinic, version="1") == set()
    assert found(clinic, version="2") == {own, waits, no}
    assert found(clinic, who=str(clinician.pk)) == {own, waits, no}
    assert found(clinic, since=tomorrow.isoformat()) == set()
    assert found(clinic, until=timezone.localdate().isoformat()) == {own, waits, no}


def test_staff_of_another_clinic_are_no_choice(clinician: User) -> None:
    assert not LedgerFilter({"who": str(clinician.pk)}, clinic=a_clinic("Hillside Ultrasound")).is_valid()


def test_reports_find_what_they_name(clinic: Clinic, patient: Patient, clinician: User) -> None:
    soon = decide_as(patient, clinician, valid_until=timezone.now() + datetime.timedelta(days=20))
    saved = decide_as(patient, clinician, purpose="family")
    unsaved = decide_as(patient, clinician, purpose="family", scope_id=OTHER_SCOPE)
    with transaction.atomic():
        note(saved, Event.PICTURE_DOWNLOADED, actor=f"link:{uuid.uuid4()}")
        note(unsaved, Event.GATE_REFUSED, actor=f"link:{uuid.uuid4()}")
        record(Event.GATE_REFUSED, actor="system:door", clinic_id=None)
    for grant in (saved, unsaved):
        withdraw_consent(grant, actor=f"user:{clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert found(clinic, report="expiring") == {soon.pk}
    assert found(clinic, report="copies_out") == {saved.pk}
    assert found(clinic, report="blocked") == {unsaved.pk}
    assert all(LedgerFilter(report.query).is_valid() for report in REPORTS)


def test_timelines_tell_of_one_patient_and_of_one_picture(clinic: Clinic, patient: Patient, clinician: User) -> None:
    shown, other = a_picture(), a_picture(b"other")
    grant = decide_as(patient, clinician, shown=[shown, other])
    stranger = decide_as(a_patient(clinic, "Rowan^Iris"), clinician, shown=[a_picture()])
    with transaction.atomic():
        for picture in (shown, other):
            record(
                Event.PICTURE_SERVED,
                actor=f"link:{uuid.uuid4()}",
                clinic_id=clinic.pk,
                object_kind="artefact",
                object_id=picture.artefact_id,
                patient_id=patient.pk,
                grant_id=grant.pk,
            )
    events = [entry.event for entry in of_patient(clinic, patient.pk)]
    assert events == ["picture_served", "picture_served", "consent_given"]
    about = list(of_picture(clinic, shown.picture_id))
    assert [entry.event for entry in about] == ["picture_served", "consent_given"]
    assert about[0].object_id == shown.artefact_id
    assert not of_picture(a_clinic("Hillside Ultrasound"), shown.picture_id).exists()
    assert not of_patient(clinic, patient.pk).filter(grant_id=stranger.pk).exists()
