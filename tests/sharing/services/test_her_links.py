"""Through her own link she ends one other link or all of them, and learns what was saved."""

import pytest

from sharing import access, door
from sharing.errors import LinkClosed
from sharing.models import Link
from sharing.services.her_links import end_all, end_one, others, saved_through
from tests.factories.sharing import Scene, make_grant, make_link, make_released, make_scene, make_study
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def family_link(scene: Scene) -> access.Viewing:
    grant = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    made = make_link(grant, scene.study, scene.clinician)
    return access.viewing(door.open_link(secret=made.secret, code=made.code, address="192.0.2.9"))


def test_all_but_her_own_end_and_open_pages_with_them(scene: Scene) -> None:
    guest, hers, stranger = family_link(scene), scene.visit(), make_scene()
    assert end_all(scene.link) == 1
    with pytest.raises(LinkClosed):
        access.read(guest, scene.file().pk, 0, 5, event=None)
    assert access.pictures(hers)
    assert stranger.visit()
    assert Entry.objects.get(event=Event.LINK_REVOKED).actor == f"link:{scene.link.pk}"
    assert end_all(scene.link) == 0


def test_links_of_another_study_of_hers_are_among_them(scene: Scene) -> None:
    study = make_study(scene.clinic, scene.patient)
    make_released(study, scene.clinician)
    later = make_link(make_grant(scene.patient, scene.clinician, study), study, scene.clinician).link
    assert list(others(scene.link)) == [later]


def test_one_ends_and_nobody_elses(scene: Scene) -> None:
    guest, stranger = family_link(scene), make_scene()
    assert not end_one(scene.link, stranger.link.pk)
    assert not end_one(scene.link, scene.link.pk)
    assert end_one(scene.link, guest.link.pk)
    assert not end_one(scene.link, guest.link.pk)
    assert set(Link.objects.filter(revoked_at=None)) == {scene.link, stranger.link}


def test_what_was_saved_is_told_by_day_and_counts_once(scene: Scene) -> None:
    guest = family_link(scene)
    file = scene.file()
    assert saved_through(others(scene.link), patient_id=scene.patient.pk) == []
    for start in (0, 5):
        access.read(guest, file.pk, start, start + 5, event=Event.PICTURE_DOWNLOADED)
    access.read(scene.visit(), file.pk, 0, 5, event=Event.PICTURE_DOWNLOADED)
    (copies,) = saved_through(others(scene.link), patient_id=scene.patient.pk)
    assert copies.files == 1
