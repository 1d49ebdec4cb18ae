"""A study is held back at the desk by anybody who reviews, and let go by who releases."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deid.models import Embargo, Study
from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(clinic: Clinic) -> Study:
    return make_picture(make_study(clinic), InstanceState.RELEASED).study


def act(browser: Client, study: Study, route: str = "hold_back", **data: str) -> object:
    return browser.post(reverse(f"deid:{route}", args=[study.pk]), {"ground": "talk", **data})


def page(browser: Client, study: Study) -> str:
    return browser.get(reverse("deid:study", args=[study.pk])).content.decode()


def test_held_back_is_said_on_both_pages_and_let_go_again(sonographer: Client, clinician: Client, study: Study) -> None:
    day = timezone.localdate() + timedelta(days=3)
    act(sonographer, study, until=day.isoformat())
    assert f"Until {day.day} {day:%B %Y}" in page(sonographer, study)
    assert "Let it go now" not in page(sonographer, study)
    review = reverse("deid:review", args=[study.instances.get().pk])
    assert "held back from the patient until" in clinician.get(review).content.decode()
    assert act(sonographer, study, "let_go").status_code == 403
    act(clinician, study, "let_go")
    act(clinician, study, "let_go")
    assert "Held back" not in page(clinician, study)


@pytest.mark.parametrize("data", [{"ground": "Anna asked"}, {"until": "2001-01-01"}, {"until": "soon"}])
def test_what_cannot_be_is_told_and_holds_nothing(clinician: Client, study: Study, data: dict[str, str]) -> None:
    act(clinician, study, **data)
    assert not Embargo.objects.exists()
    assert "a day to come" in page(clinician, study)


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("route", ["hold_back", "let_go"])
def test_another_clinic_finds_nothing(outsider: Client, study: Study, route: str) -> None:
    assert act(outsider, study, route).status_code == 404
