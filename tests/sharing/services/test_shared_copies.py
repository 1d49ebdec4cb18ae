"""She deletes her shared copies: links and keys end together, none are made behind her back, and she can ask again."""

import pytest
from django.db import transaction

from deid.models import Render
from deid.services import renders as making
from sharing.models import Link
from sharing.services import renders, shared_copies
from tests.factories.renders import place_renders
from tests.factories.sharing import Scene, make_grant, make_link, make_scene
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.vault.models import SealedObject

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def shared() -> Scene:
    scene = make_scene()
    place_renders(scene.instances[0])
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    make_link(family, scene.study, scene.clinician)
    return scene


def alive() -> int:
    return SealedObject.objects.filter(pk__in=made_objects(), destroyed_at=None).count()


def made_objects() -> list[object]:
    return list(Render.objects.values_list("object_id", flat=True))


def test_links_and_keys_end_together_or_not_at_all(shared: Scene) -> None:
    other, objects = make_scene(), made_objects()
    place_renders(other.instances[0])
    with transaction.atomic():
        assert shared_copies.delete(shared.link) == shared_copies.Deleted(links=1, files=5)
        assert not SealedObject.objects.filter(pk__in=objects).exclude(wrapped_key=b"").exists()
        transaction.set_rollback(True)
    assert alive() == 10
    shared_copies.delete(shared.link)
    assert alive() == 5
    assert set(Link.objects.filter(revoked_at=None)) == {shared.link, other.link}
    assert shared.visit()
    entry = Entry.objects.get(event=Event.COPIES_DELETED)
    assert (entry.actor, entry.patient_id) == (f"link:{shared.link.pk}", shared.patient.pk)


def test_a_job_under_way_publishes_nothing_afterwards(shared: Scene) -> None:
    file = shared.file().pk
    assert renders.covered({file}) == {file}
    shared_copies.delete(shared.link)
    assert renders.covered({file}) == set()
    assert shared_copies.delete(shared.link).files == 0


def test_she_asks_again_and_they_are_made(shared: Scene) -> None:
    shared_copies.delete(shared.link)
    Job.objects.all().delete()
    shared_copies.ask_again(shared.link)
    assert not shared_copies.has_none(shared.patient)
    assert Job.objects.filter(kind=making.KIND, object_id=shared.instances[0].pk).exists()
    assert renders.covered({shared.file().pk})
    shared_copies.ask_again(shared.link)
    assert Entry.objects.filter(event=Event.COPIES_ASKED_FOR).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_later_yes_has_them_made_again() -> None:
    scene = make_scene()
    shared_copies.delete(scene.link)
    make_grant(scene.patient, scene.clinician, scene.study)
    assert not shared_copies.has_none(scene.patient)
