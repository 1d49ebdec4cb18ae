"""Opening a page is told apart from seeing a picture, and seeing from saving."""

from datetime import timedelta

import pytest

from deid.states import ArtefactKind
from sharing import access, door
from sharing.visits import SHOWN, visits_of
from tests.factories.sharing import ADDRESS, Scene, make_scene
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def told(scene: Scene) -> list[tuple[int, int, bool]]:
    visits = visits_of([scene.link], patient_id=scene.patient.pk)[scene.link.pk]
    return [(visit.seen, visit.saved, visit.goes_on) for visit in visits]


def test_a_page_that_was_only_opened_shows_no_picture_seen(scene: Scene) -> None:
    assert told(scene) == []
    scene.visit()
    assert told(scene) == [(0, 0, True)]


def test_pictures_count_not_files_and_a_saved_one_was_seen() -> None:
    scene = make_scene(pictures=2)
    visit = scene.visit()
    for kind in (ArtefactKind.STILL_JPEG, ArtefactKind.THUMBNAIL):
        access.read(visit, scene.file(kind, 1).pk, 0, 5, event=Event.PICTURE_SERVED)
    access.read(visit, scene.file(ArtefactKind.STILL_PNG, 2).pk, 0, 5, event=Event.PICTURE_DOWNLOADED)
    access.read(visit, scene.file(ArtefactKind.STILL_PNG, 2).pk, 5, 9, event=Event.PICTURE_DOWNLOADED)
    assert told(scene) == [(2, 1, True)]


def test_each_visit_stands_alone_newest_first(scene: Scene, later: Clock) -> None:
    session = door.open_link(secret=scene.secret, code=scene.code, address=ADDRESS)
    first = access.viewing(session)
    access.read(first, scene.file().pk, 0, 5, event=Event.PICTURE_SERVED)
    access.leave(session)
    later(timedelta(hours=1))
    scene.visit()
    assert told(scene) == [(0, 0, True), (1, 0, False)]


def test_the_last_twenty_are_told(scene: Scene) -> None:
    for _ in range(SHOWN + 1):
        scene.visit()
    assert len(told(scene)) == SHOWN
