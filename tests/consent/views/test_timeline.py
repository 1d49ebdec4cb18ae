"""Timelines are told from the trail, and reading one is on it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from tests.consent.cast import a_clinic, a_member, a_patient, a_picture, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, clinic: Clinic) -> Client:
    client.force_login(a_member(clinic, Role.ADMINISTRATOR))
    return client


def test_a_patients_story_is_told_newest_first(desk: Client, patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    withdraw_consent(grant, actor=f"link:{uuid.uuid4()}", channel=WithdrawalChannel.LINK)
    page = desk.get(reverse("consent:patient", args=[patient.pk])).content.decode()
    assert page.index("Consent withdrawn") < page.index("Consent given")
    assert clinician.display_name in page
    assert "Somebody with a link" in page
    entry = Entry.objects.latest("seq")
    assert (entry.event, entry.patient_id) == (Event.CONSENT_LEDGER_READ, patient.pk)


def test_a_pictures_story_is_told(desk: Client, patient: Patient, clinician: User) -> None:
    shown = a_picture()
    decide_as(patient, clinician, shown=[shown])
    page = desk.get(reverse("consent:picture", args=[shown.picture_id])).content.decode()
    assert "Consent given" in page
    assert Entry.objects.latest("seq").detail == {"timeline": "picture"}


def test_a_patient_without_a_story_has_an_ordinary_page(desk: Client, patient: Patient) -> None:
    quiet = a_patient(patient.clinic, "Rowan^Iris")
    assert desk.get(reverse("consent:patient", args=[quiet.pk])).status_code == 200


@pytest.mark.parametrize("what", ["patient", "picture"])
def test_another_clinics_and_other_roles_do_not_get_in(what: str, desk: Client, clinician: User) -> None:
    elsewhere = a_clinic("Hillside Ultrasound")
    theirs, shown = a_patient(elsewhere), a_picture()
    decide_as(theirs, a_member(elsewhere), shown=[shown])
    key = theirs.pk if what == "patient" else shown.picture_id
    where = reverse(f"consent:{what}", args=[key])
    assert desk.get(where).status_code == 404
    desk.force_login(clinician)
    assert desk.get(where).status_code == 403
