"""Pictures of several studies are approved from one page, and each study's result is told."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from deid.models import Instance, Round, Study
from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db
PAGE = "/desk/approve/"


@pytest.fixture
def study(clinic: Clinic) -> Study:
    return make_study(clinic)


def look(browser: Client, instance: Instance) -> Instance:
    still = instance.artefacts.get(kind="still_png")
    b"".join(browser.get(reverse("deid:media", args=[still.pk])).streaming_content)
    return instance


def approve(browser: Client, *pictures: object) -> str:
    data = {"picture": [str(getattr(one, "pk", one)) for one in pictures]}
    return browser.post(PAGE, data, follow=True).content.decode()


def states(*pictures: Instance) -> list[str]:
    return [Instance.objects.values_list("state", flat=True).get(pk=one.pk) for one in pictures]


@pytest.mark.requirement("R34")
def test_only_what_was_shown_to_this_person_is_offered_and_released(
    clinician: Client, sonographer: Client, study: Study
) -> None:
    first, second, third = look(clinician, make_picture(study)), make_picture(study), make_picture(make_study())
    elsewhere = look(clinician, make_picture(make_study(study.clinic)))
    look(sonographer, second)
    page = clinician.get(reverse("deid:study", args=[study.pk])).content.decode()
    assert page.count('name="picture"') == 1
    assert "Not shown to you yet" in page
    assert "2 pictures of 2 studies" in clinician.get("/desk/").content.decode()
    assert clinician.get(PAGE).content.decode().count('name="picture"') == 2
    page = approve(clinician, first, second, third, elsewhere)
    assert states(first, second, third, elsewhere) == ["released", "clean", "clean", "released"]
    assert page.count("Picture 1<") == 2
    assert "2 left" in page


def test_a_round_is_undone_by_its_button_once(clinician: Client, study: Study) -> None:
    picture = look(clinician, make_picture(study))
    assert "Undo all of it" in approve(clinician, picture)
    address = reverse("deid:approved_undo", args=[Round.objects.get().pk])
    assert "1 picture taken back" in clinician.post(address, follow=True).content.decode()
    assert "too late" in clinician.post(address, follow=True).content.decode()
    assert states(picture) == [InstanceState.CLEAN]


def test_another_person_neither_sees_nor_undoes_a_round(clinician: Client, sonographer: Client, study: Study) -> None:
    picture = look(clinician, make_picture(study))
    approve(clinician, picture)
    address = reverse("deid:approved", args=[Round.objects.get().pk])
    assert [sonographer.get(address).status_code, sonographer.post(f"{address}undo/").status_code] == [404, 404]
    assert states(picture) == [InstanceState.RELEASED]


def test_who_may_not_release_finds_clean(sonographer: Client, study: Study) -> None:
    picture = look(sonographer, make_picture(study))
    assert "The ticked ones are clean" in sonographer.get(PAGE).content.decode()
    assert "Picture 1" in approve(sonographer, picture)
    assert states(picture) == [InstanceState.CLEAN]
    assert "Found clean" in sonographer.get(reverse("deid:study", args=[study.pk])).content.decode()


def test_nothing_ticked_and_nonsense_are_told(clinician: Client) -> None:
    assert "Tick at least one" in approve(clinician)
    assert "Tick at least one" in approve(clinician, "x")
    assert "1 left" in approve(clinician, make_picture().pk)
    assert "Nothing to approve together" in clinician.get(PAGE).content.decode()


def test_the_page_asks_as_much_for_many_studies_as_for_one(clinician: Client, clinic: Clinic) -> None:
    look(clinician, make_picture(make_study(clinic)))
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            clinician.get(PAGE)
        counted.append(len(asked))
        for _ in range(4):
            look(clinician, make_picture(make_study(clinic)))
    assert counted[0] == counted[1]
