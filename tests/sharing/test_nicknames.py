"""Names of links are sealed, and opened for staff alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sharing.models import Link
from sharing.nicknames import UNREADABLE, nicknames_of, seal_nickname
from tests.factories.sharing import Scene, make_link
from ultrasound_portal.vault.errors import Tampered
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db


def test_a_name_is_read_as_it_was_given(scene: Scene) -> None:
    object_id, blob = seal_nickname("Großmutter Ellingsen", clinic_id=scene.clinic.pk)
    assert b"Ellingsen" not in blob
    assert SealedObject.objects.get(pk=object_id).kind == ObjectKind.DOCUMENT
    Link.objects.update(nickname_object_id=object_id, nickname_sealed=blob)
    assert nicknames_of([Link.objects.get()]) == {scene.link.pk: "Großmutter Ellingsen"}


def test_names_of_many_links_are_read_with_one_query(scene: Scene) -> None:
    links = [scene.link, *(make_link(scene.grant, scene.study, scene.clinician).link for _ in range(3))]
    with CaptureQueriesContext(connection) as queries:
        names = nicknames_of(links)
    assert names == {link.pk: "patient" for link in links}
    assert len(queries) == 1


def test_a_shredded_name_is_gone(scene: Scene) -> None:
    shred(scene.link.nickname_object_id)
    assert nicknames_of([scene.link]) == {scene.link.pk: UNREADABLE}


def test_the_name_of_another_link_does_not_open(scene: Scene) -> None:
    _, scene.link.nickname_sealed = seal_nickname("mother", clinic_id=scene.clinic.pk)
    with pytest.raises(Tampered):
        nicknames_of([scene.link])
