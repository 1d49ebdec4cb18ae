"""The steps of a reviewer that concern the sex of the child; the others stand with the review page."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Instance
from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(clinic: Clinic) -> Instance:
    return make_picture(make_study(clinic))


@pytest.fixture
def marked(clinic: Clinic) -> Instance:
    return make_picture(make_study(clinic), tells_sex=True)


def page_of(instance: Instance) -> str:
    return reverse("deid:review", args=[instance.pk])


def send(browser: Client, name: str, instance: Instance, **data: str) -> object:
    return browser.post(reverse(f"deid:{name}", args=[instance.pk]), data)


def is_marked(instance: Instance) -> bool:
    instance.refresh_from_db()
    return instance.tells_sex


def test_a_sonographer_marks_a_picture(sonographer: Client, plain: Instance) -> None:
    assert send(sonographer, "mark_sex", plain)["Location"] == page_of(plain)
    assert is_marked(plain)
    page = sonographer.get(page_of(plain)).content.decode()
    assert "Only a clinician can take the mark away" in page
    assert reverse("deid:unmark_sex", args=[plain.pk]) not in page


def test_marking_a_released_picture_ends_its_release(clinician: Client, clinic: Clinic) -> None:
    instance = make_picture(make_study(clinic), InstanceState.RELEASED)
    assert "its release ends" in clinician.get(page_of(instance)).content.decode()
    send(clinician, "mark_sex", instance)
    assert is_marked(instance)
    assert instance.state == InstanceState.CLEAN


def test_a_clinician_takes_the_mark_away_with_a_reason(clinician: Client, marked: Instance) -> None:
    send(clinician, "unmark_sex", marked, reason="not_visible")
    assert not is_marked(marked)
    assert Entry.objects.get(event="sex_mark_lifted").detail == {"reason": "not_visible"}


def test_without_a_reason_from_the_list_the_mark_stays(clinician: Client, marked: Instance) -> None:
    send(clinician, "unmark_sex", marked, reason="she asked")
    assert is_marked(marked)
    assert b"Choose a reason" in clinician.get(page_of(marked)).content


def test_a_sonographer_takes_no_mark_away(sonographer: Client, marked: Instance) -> None:
    assert send(sonographer, "unmark_sex", marked, reason="misread").status_code == 403
    assert is_marked(marked)


def test_marking_what_is_marked_is_explained(clinician: Client, marked: Instance) -> None:
    send(clinician, "mark_sex", marked)
    assert b"Somebody else moved this picture on" in clinician.get(page_of(marked)).content


@pytest.mark.requirement("R42")
def test_another_clinic_neither_marks_nor_unmarks(outsider: Client, plain: Instance, marked: Instance) -> None:
    assert send(outsider, "mark_sex", plain).status_code == 404
    assert send(outsider, "unmark_sex", marked, reason="misread").status_code == 404
    assert (is_marked(plain), is_marked(marked)) == (False, True)
