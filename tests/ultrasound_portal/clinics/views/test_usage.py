"""Unusual use at the desk."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.factories.clinics import make_clinic, make_staff
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


@pytest.fixture
def office(clinic: Clinic) -> Client:
    browser = Client()
    browser.force_login(make_staff(clinic, role=Role.ADMINISTRATOR))
    return browser


def look(by: User, clinic: Clinic) -> None:
    with transaction.atomic():
        record(
            Event.PICTURE_VIEWED_BY_STAFF,
            actor=f"user:{by.pk}",
            clinic_id=clinic.pk,
            object_kind="artefact",
            object_id=uuid4(),
            patient_id=uuid4(),
        )


@pytest.mark.requirement("R52")
def test_what_is_unusual_is_told_with_a_name(clinic: Clinic, office: Client) -> None:
    curious = make_staff(clinic)
    for _ in range(4):
        look(curious, clinic)
    page = office.get(reverse("clinics:usage"), {"more_than": "3"})
    assert f"<strong>{curious.display_name}</strong>: 4 files of 4 patients" in page.content.decode()
    always = office.get(reverse("clinics:usage"), {"opens": "00:00", "closes": "00:00"})
    assert f"<strong>{curious.display_name}</strong>: 4 looks" in always.content.decode()
    assert Entry.objects.filter(event=Event.AUDIT_READ, detail__report="usage").count() == 2


def test_nothing_unusual_is_said_so(office: Client) -> None:
    text = office.get(reverse("clinics:usage")).content.decode()
    assert "Nobody opened that many" in text
    assert "Nobody came to a closed link" in text


def test_limits_that_make_no_sense_show_nothing(office: Client) -> None:
    page = office.get(reverse("clinics:usage"), {"days": "0"})
    assert page.status_code == 422
    assert b"Outside the clinic" not in page.content


def test_it_is_for_administrators(clinic: Clinic) -> None:
    browser = Client()
    browser.force_login(make_staff(clinic))
    assert browser.get(reverse("clinics:usage")).status_code == 403
