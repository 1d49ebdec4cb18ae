"""The proof sheet, in short on the review page and whole on its own."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Instance
from deid.states import InstanceState
from deid.views.proof import sheet_of
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.services import display_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(clinic: Clinic) -> Instance:
    return make_picture(make_study(clinic), InstanceState.RELEASED)


def url(instance: Instance) -> str:
    return reverse("deid:proof", args=[instance.pk])


def test_it_works(clinician: Client, instance: Instance) -> None:
    page = clinician.get(url(instance)).content.decode()
    assert "Outside the ultrasound area" in page
    assert "16.7 %" in page
    assert "The second look" in page
    assert "0.200" in page
    assert instance.released_by.display_name in page
    assert all(file.sha256 in page for file in instance.artefacts.all())


def test_it_names_nobody_but_the_clinics_own_people(clinician: Client, instance: Instance) -> None:
    page = clinician.get(url(instance)).content.decode()
    assert display_name(instance.study.patient) not in page
    source = instance.artefacts.get(kind="source_still")
    assert reverse("deid:media", args=[source.pk]) not in page


def test_shares_are_percent_and_reasons_are_words(instance: Instance) -> None:
    sheet = sheet_of(instance.current_run)
    assert sheet is not None
    assert [(line.words, line.places, round(line.share, 1)) for line in sheet.lines] == [
        ("Outside the ultrasound area", 1, 16.7)
    ]
    assert sheet.seconds == (("Opening the file", 0.1), ("The second look", 0.2))


def test_a_stage_without_words_shows_its_name(instance: Instance) -> None:
    instance.current_run.report["seconds"] = {"polish": 0.1}
    sheet = sheet_of(instance.current_run)
    assert sheet is not None
    assert sheet.seconds == (("Polish", 0.1),)


def test_the_weights_are_named_where_the_run_tells(clinician: Client, instance: Instance) -> None:
    assert "weights" not in clinician.get(url(instance)).content.decode()
    instance.current_run.report["detector"] = "ab" * 32
    instance.current_run.save()
    assert "ab" * 32 in clinician.get(url(instance)).content.decode()


def test_a_held_picture_shows_its_reason_and_what_may_tell_the_sex(clinician: Client, clinic: Clinic) -> None:
    held = make_picture(make_study(clinic), InstanceState.HELD, reason="text_left", outputs=False, tells_sex=True)
    page = clinician.get(url(held)).content.decode()
    assert "There may still be text" in page
    assert "May tell the sex" in page
    assert "<img" not in page


def test_before_a_run_there_is_no_sheet(clinician: Client, clinic: Clinic) -> None:
    waiting = make_picture(make_study(clinic), InstanceState.RECEIVED)
    assert sheet_of(None) is None
    assert clinician.get(url(waiting)).status_code == 404


@pytest.mark.requirement("R42")
def test_another_clinic_and_a_stranger_see_nothing(outsider: Client, client: Client, instance: Instance) -> None:
    assert outsider.get(url(instance)).status_code == 404
    assert client.get(url(instance))["Location"].startswith(reverse("clinics:sign_in"))
