"""A machine is known again by its own words, which are sealed."""

import pytest

from deid.models import Machine
from deid.services import machines
from tests.factories.clinics import make_clinic
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


def test_the_same_words_are_one_machine_of_a_clinic_however_they_are_spaced() -> None:
    clinic, other = make_clinic(), make_clinic()
    first = machines.find_or_create(clinic, manufacturer="Orbelle", model="Orbelle 8", station="ROOM 2")
    again = machines.find_or_create(clinic, manufacturer="ORBELLE ", model="orbelle  8", station="Room 2")
    elsewhere = machines.find_or_create(other, manufacturer="Orbelle", model="Orbelle 8", station="ROOM 2")
    beside = machines.find_or_create(clinic, manufacturer="Orbelle", model="Orbelle 8", station="ROOM 3")
    assert first == again
    assert len({first, elsewhere, beside}) == 3
    assert first is not None
    assert machines.labels_of([first]) == {first.pk: "Orbelle 8, ROOM 2"}
    assert b"Orbelle" not in bytes(first.label_sealed)


def test_a_file_that_tells_nothing_has_no_machine() -> None:
    assert machines.find_or_create(make_clinic(), manufacturer="", model=" ", station="") is None
    assert not Machine.objects.exists()


def test_a_label_that_cannot_be_opened_says_so() -> None:
    made = machines.find_or_create(make_clinic(), manufacturer="Orbelle", model="", station="")
    assert made is not None
    shred(made.label_object_id)
    assert machines.labels_of([made]) == {made.pk: machines.UNREADABLE}
