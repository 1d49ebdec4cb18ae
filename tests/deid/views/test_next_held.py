"""One key leads from held picture to held picture through all studies."""

import pytest
from django.test import Client
from django.urls import reverse

from deid.states import InstanceState
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


def following(browser: Client, after: object = "") -> str:
    return browser.get(reverse("deid:next_held"), {"after": str(after)})["Location"]


def test_it_goes_round_the_held_pictures_of_the_clinic(clinician: Client, clinic: Clinic) -> None:
    make_picture(state=InstanceState.HELD)
    clean = make_picture(make_study(clinic))
    held = [make_picture(make_study(clinic), state) for state in (InstanceState.HELD, InstanceState.FAILED)]
    pages = [reverse("deid:review", args=[one.pk]) for one in held]
    assert following(clinician) == following(clinician, clean.pk) == following(clinician, "x") == pages[0]
    assert following(clinician, held[0].pk) == pages[1]
    assert following(clinician, held[1].pk) == pages[0]


def test_where_nothing_else_is_held_it_says_so(clinician: Client, clinic: Clinic) -> None:
    held = make_picture(make_study(clinic), InstanceState.HELD)
    assert following(clinician, held.pk) == reverse("deid:worklist")
    assert b"Nothing else is held" in clinician.get(reverse("deid:worklist")).content
