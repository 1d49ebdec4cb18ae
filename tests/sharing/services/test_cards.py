"""A printed card tells the clinic's own staff whose it is, also when its link has ended."""

import pytest

from sharing.models import Link
from sharing.services import cards
from sharing.services.links import revoke_links
from tests.factories.clinics import make_clinic
from tests.factories.sharing import Scene, make_invitation

pytestmark = pytest.mark.django_db


def test_the_card_of_a_link_says_whose_it_is(scene: Scene) -> None:
    for read in (scene.secret, f"https://portal.example/v/#{scene.secret}\n"):
        assert cards.patient_of(scene.clinic, read) == scene.patient


def test_so_does_the_card_of_an_invitation(scene: Scene) -> None:
    assert cards.patient_of(scene.clinic, make_invitation(scene).secret) == scene.patient


def test_a_card_whose_link_has_ended_still_says_it(scene: Scene) -> None:
    revoke_links(Link.objects.filter(pk=scene.link.pk), actor="system:test")
    assert cards.patient_of(scene.clinic, scene.secret) == scene.patient


@pytest.mark.parametrize("read", ["", "#", "WXYZ-BCDF", "https://portal.example/v/#" + "A" * 43, "x" * 10_000])
def test_anything_else_is_nobodys_card(scene: Scene, read: str) -> None:
    assert cards.patient_of(scene.clinic, read) is None


def test_another_clinics_card_is_nobodys(scene: Scene) -> None:
    assert cards.patient_of(make_clinic("Harbour Scans"), scene.secret) is None
