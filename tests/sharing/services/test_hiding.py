"""A picture in which a name is seen is hidden for every link and purpose at once."""

import pytest

from deid.states import ArtefactKind
from sharing import access, door
from sharing.errors import LinkClosed
from sharing.services.hiding import hide
from tests.factories.sharing import Scene, make_grant, make_link, make_scene
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_every_link_and_purpose_loses_it_at_once() -> None:
    scene = make_scene(pictures=2)
    family = make_link(
        make_grant(scene.patient, scene.clinician, scene.study, purpose="family"), scene.study, scene.clinician
    )
    guest = access.viewing(door.open_link(secret=family.secret, code=family.code, address="192.0.2.9"))
    hers = scene.visit()
    file = scene.file(ArtefactKind.STILL_JPEG, 1)
    assert hide(family.link, scene.instances[0].pk)
    for visit in (guest, hers):
        with pytest.raises(LinkClosed):
            access.read(visit, file.pk, 0, 10, event=None)
        assert [picture.picture_id for picture in access.pictures(visit)] == [scene.instances[1].pk]
    assert access.album(hers).doubted == 1
    assert Entry.objects.get(event="name_reported").actor == f"link:{family.link.pk}"


def test_twice_is_once(scene: Scene) -> None:
    assert hide(scene.link, scene.instances[0].pk)
    assert not hide(scene.link, scene.instances[0].pk)
    assert Entry.objects.filter(event="name_reported").count() == 1


def test_her_own_link_opens_though_its_only_picture_is_looked_at(scene: Scene) -> None:
    hide(scene.link, scene.instances[0].pk)
    album = access.album(scene.visit())
    assert (album.pictures, album.doubted) == ([], 1)


def test_a_picture_of_another_link_is_not_the_visitors_to_hide(scene: Scene) -> None:
    other = make_scene()
    assert not hide(scene.link, other.instances[0].pk)
    other.instances[0].refresh_from_db()
    assert other.instances[0].state == "released"
