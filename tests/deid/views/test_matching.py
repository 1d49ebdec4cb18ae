"""The page of a study asks whose plain pictures it holds, and says where two files disagree."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.ingest.receive import receive
from deid.models import Study
from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study, ultrasound_bytes
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db

ANNA = {"family_name": "Testwoman", "given_name": "Anna", "record_number": "MRN77001", "birth_date": ""}


@pytest.fixture
def study(clinic: Clinic) -> Study:
    made = make_study(clinic)
    Study.objects.filter(pk=made.pk).update(nameless=True)
    return make_picture(made, InstanceState.HELD, reason="plain_export").study


def page(browser: Client, study: Study) -> str:
    return browser.get(reverse("deid:study", args=[study.pk])).content.decode()


def act(browser: Client, study: Study, **data: str) -> object:
    return browser.post(reverse("deid:match", args=[study.pk]), ANNA | data, follow=True)


def test_whose_they_are_is_asked_and_noted(sonographer: Client, clinician: Client, study: Study) -> None:
    assert "Whose pictures are these?" in page(sonographer, study)
    assert "Nobody’s pictures yet" in page(sonographer, study)
    assert reverse("sharing:ceremony", args=[study.pk]) not in page(clinician, study)
    answer = act(sonographer, study).content.decode()
    assert "her name is looked for" in answer
    assert "Testwoman, Anna" in answer
    assert "MRN77001" in answer
    assert "Whose pictures are these?" not in answer
    assert reverse("sharing:ceremony", args=[study.pk]) in page(clinician, study)


def test_what_is_wrong_is_told_and_changes_nothing(sonographer: Client, study: Study) -> None:
    assert "Fill in the names" in act(sonographer, study, record_number="").content.decode()
    make_picture(study, InstanceState.RELEASED)
    assert "Somebody else moved" in act(sonographer, study).content.decode()
    study.refresh_from_db()
    assert study.matched_at is None


def test_a_study_that_names_its_patient_asks_nothing(sonographer: Client, clinic: Clinic) -> None:
    named = make_picture(make_study(clinic), InstanceState.HELD).study
    assert "action=" in page(sonographer, named)
    assert reverse("deid:match", args=[named.pk]) not in page(sonographer, named)


@pytest.mark.requirement("R42")
def test_another_clinic_finds_nothing(outsider: Client, study: Study) -> None:
    assert act(outsider, study).status_code == 404


def test_two_names_in_one_study_are_said_on_both_pages(sonographer: Client, clinic: Clinic) -> None:
    for name in ("Testwoman^Anna", "Otherwoman^Berta"):
        receive(ultrasound_bytes(name=name, study_uid="1.2.3.78"), clinic=clinic, actor="system:test", door="test")
    one, two = Study.objects.filter(clinic=clinic)
    for study, other in ((one, two), (two, one)):
        assert reverse("deid:study", args=[other.pk]) in page(sonographer, study)
        assert "were not put together" in page(sonographer, study)
