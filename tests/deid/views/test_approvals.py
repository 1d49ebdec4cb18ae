"""Many pictures are approved at once, and none that was not shown."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.models import Instance, Study
from deid.services import gates
from deid.states import InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(clinic: Clinic) -> Study:
    return make_study(clinic)


def look(browser: Client, instance: Instance) -> None:
    still = instance.artefacts.get(kind="still_png")
    b"".join(browser.get(reverse("deid:media", args=[still.pk])).streaming_content)


def approve(browser: Client, study: Study, *pictures: object) -> str:
    data = {"picture": [str(getattr(one, "pk", one)) for one in pictures]}
    return browser.post(reverse("deid:approve_shown", args=[study.pk]), data, follow=True).content.decode()


def states(study: Study) -> list[str]:
    return list(study.instances.order_by("number").values_list("state", flat=True))


@pytest.mark.requirement("R34")
def test_only_what_was_shown_to_this_person_is_released(clinician: Client, sonographer: Client, study: Study) -> None:
    first, second = make_picture(study), make_picture(study)
    look(clinician, first)
    look(sonographer, second)
    page = clinician.get(reverse("deid:study", args=[study.pk])).content.decode()
    assert page.count('name="picture"') == 1
    assert "Not shown to you yet" in page
    page = approve(clinician, study, first, second)
    assert states(study) == [InstanceState.RELEASED, InstanceState.CLEAN]
    assert "1 picture released" in page
    assert "1 left" in page


def test_who_may_not_release_finds_clean(sonographer: Client, study: Study) -> None:
    instance = make_picture(study)
    look(sonographer, instance)
    assert "1 picture found clean" in approve(sonographer, study, instance)
    assert states(study) == [InstanceState.CLEAN]
    assert "Found clean" in sonographer.get(reverse("deid:study", args=[study.pk])).content.decode()


def test_where_two_people_are_asked_one_finds_clean_only(clinician: Client, clinic: Clinic, study: Study) -> None:
    gates.change_rule(clinic, second_person=True, by=make_staff(clinic))
    instance = make_picture(study)
    look(clinician, instance)
    approve(clinician, study, instance)
    assert states(study) == [InstanceState.CLEAN]


def test_nothing_ticked_and_nonsense_are_told(clinician: Client, study: Study) -> None:
    assert "Tick at least one" in approve(clinician, study)
    assert "Tick at least one" in approve(clinician, study, "x", make_picture().pk)
