"""The trail tells who saw which picture, and nothing is missing or counted twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deid.services.review import open_for_staff
from deid.states import ArtefactKind
from sharing import access
from sharing.services.exposure import Scope, exposures
from tests.factories.sharing import Scene, make_scene
from ultrasound_portal.audit.events import Event

pytestmark = pytest.mark.django_db


def look(scene: Scene, event: Event = Event.PICTURE_SERVED, number: int = 1) -> None:
    file = scene.file(ArtefactKind.STILL_PNG, number)
    access.read(scene.visit(), file.pk, 0, 16, event=event)


@pytest.mark.requirement("R51")
def test_every_picture_that_was_seen_is_listed_with_who_saw_it() -> None:
    scene, other = make_scene(pictures=2), make_scene()
    look(scene)
    look(scene, Event.PICTURE_DOWNLOADED)
    look(scene, number=2)
    look(other)
    open_for_staff(scene.file(), by=scene.clinician)
    found = exposures(Scope(study_id=scene.study.pk))
    link, staff = f"link:{scene.link.pk}", f"user:{scene.clinician.pk}"
    first, second = (instance.pk for instance in scene.instances)
    assert {(one.actor, one.picture_id, one.shown, one.saved) for one in found} == {
        (link, first, 1, 1),
        (link, second, 1, 0),
        (staff, first, 1, 0),
    }
    assert {(one.patient_id, one.study_id) for one in found} == {(scene.patient.pk, scene.study.pk)}


def test_it_narrows_by_who_and_when() -> None:
    scene, other = make_scene(), make_scene()
    look(scene)
    look(other)
    now = timezone.now()
    assert len(exposures(Scope())) == 2
    assert [one.patient_id for one in exposures(Scope(actor=f"link:{other.link.pk}"))] == [other.patient.pk]
    assert [one.patient_id for one in exposures(Scope(clinic_id=scene.clinic.pk))] == [scene.patient.pk]
    assert exposures(Scope(since=now + timedelta(seconds=1))) == []
    assert len(exposures(Scope(until=now))) == 2


def test_a_film_read_in_pieces_is_saved_once() -> None:
    scene = make_scene(film_padding=64)
    visit, film = scene.visit(), scene.file(ArtefactKind.FILM)
    access.read(visit, film.pk, 0, 8, event=Event.PICTURE_DOWNLOADED)
    access.read(visit, film.pk, 8, 16, event=Event.PICTURE_DOWNLOADED)
    assert [one.saved for one in exposures(Scope(study_id=scene.study.pk))] == [1]
