"""The clinic's colours."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.sharing import Scene
from ultrasound_portal.clinics.services import current_brand, publish_brand_kit

pytestmark = pytest.mark.django_db


def test_an_open_link_wears_its_clinics_colours(scene: Scene) -> None:
    publish_brand_kit(
        clinic=scene.clinic,
        name="Hillside",
        line="Here for you",
        background="#1f5c54",
        ink="#ffffff",
        logo=None,
        by=scene.clinician,
    )
    answer = scene.open().get(reverse("sharing:brand"))
    assert answer["Content-Type"] == "text/css"
    assert "--brand-background: #1f5c54; --brand-ink: #ffffff;" in answer.content.decode()
    assert current_brand(scene.clinic).name in scene.open().get(reverse("sharing:pictures")).content.decode()


def test_without_a_link_there_are_no_colours() -> None:
    assert Client().get(reverse("sharing:brand")).status_code == 404
