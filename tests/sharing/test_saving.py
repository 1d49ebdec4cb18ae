"""A choice of shape and pictures stands for files of the link, ready or as the patient was shown them."""

import pytest

from deid.engine.formats import Format
from deid.models import Render
from deid.states import ArtefactKind
from sharing import access, saving
from sharing.access import Viewing
from sharing.saving import Moving, Offer, Shape
from sharing.services import shared_copies
from tests.factories.renders import place_renders, render_of
from tests.factories.sharing import make_scene
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState

pytestmark = pytest.mark.django_db


def offered_to(visit: Viewing) -> Offer:
    return saving.offer(visit, access.pictures(visit))


def test_before_anything_is_made_the_shown_files_can_be_saved() -> None:
    scene = make_scene()
    offered = offered_to(scene.visit())
    assert offered.shapes == (Shape.ORIGINAL,)
    assert not offered.deleted
    keys = saving.chosen(scene.visit(), shape=Shape.ORIGINAL, moving=Moving.FILM, pictures=())
    assert keys == [scene.file(ArtefactKind.STILL_JPEG).pk]


def test_everything_that_is_ready_is_offered() -> None:
    scene = make_scene(pictures=2)
    place_renders(scene.instances[0])
    offered = offered_to(scene.visit())
    assert offered.shapes == tuple(Shape)
    assert (offered.films, offered.loops, offered.pictures) == (False, False, 2)


@pytest.mark.django_db(transaction=True)
def test_what_is_being_made_is_counted_until_its_job_is_done() -> None:
    scene = make_scene(pictures=2)
    offered = offered_to(scene.visit())
    assert (offered.being_made, offered.ready) == (2, 0)
    Job.objects.filter(object_id=scene.instances[0].pk).update(state=JobState.DONE)
    assert offered_to(scene.visit()).ready == 1


def test_where_she_deleted_her_copies_nothing_is_waited_for() -> None:
    scene = make_scene()
    place_renders(scene.instances[0])
    shared_copies.delete(scene.link)
    offered = offered_to(scene.visit())
    assert (offered.shapes, offered.being_made, offered.deleted) == ((Shape.ORIGINAL,), 0, True)


@pytest.mark.parametrize(
    ("shape", "moving", "meant"),
    [
        (Shape.ORIGINAL, Moving.FILM, Format.FILM),
        (Shape.SQUARE, Moving.FILM, Format.FILM_SQUARE),
        (Shape.STORY, Moving.FILM, Format.FILM_STORY),
        (Shape.PRINT, Moving.FILM, Format.PRINT),
        (Shape.STORY, Moving.LOOP, Format.LOOP),
        (Shape.PORTRAIT, Moving.STILL, Format.PORTRAIT),
    ],
)
def test_a_film_comes_as_it_is_wanted(shape: Shape, moving: Moving, meant: Format) -> None:
    scene = make_scene(film_padding=0)
    place_renders(scene.instances[0])
    assert saving.chosen(scene.visit(), shape=shape, moving=moving, pictures=()) == [
        render_of(scene.instances[0], meant).pk
    ]


def test_only_the_chosen_pictures_come_and_what_is_missing_as_it_was_shown() -> None:
    scene = make_scene(pictures=2)
    for instance in scene.instances:
        place_renders(instance)
    first, second = scene.instances
    Render.objects.filter(instance=second, format=Format.SQUARE).delete()
    keys = saving.chosen(scene.visit(), shape=Shape.SQUARE, moving=Moving.FILM, pictures=())
    assert keys == [render_of(first).pk, scene.file(ArtefactKind.STILL_JPEG, 2).pk]
    keys = saving.chosen(scene.visit(), shape=Shape.SQUARE, moving=Moving.FILM, pictures={first.pk})
    assert keys == [render_of(first).pk]


def test_a_link_to_look_at_offers_nothing_to_save() -> None:
    scene = make_scene(download=False)
    place_renders(scene.instances[0])
    assert offered_to(scene.visit()).shapes == (Shape.ORIGINAL,)
