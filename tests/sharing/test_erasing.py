"""The links of a forgotten patient lead nowhere, and their names cannot be read."""

import pytest

from sharing.nicknames import UNREADABLE, nicknames_of
from tests.factories.sharing import make_scene
from ultrasound_portal.patients.services import forget


@pytest.mark.django_db
def test_links_end_and_their_names_with_them() -> None:
    scene = make_scene()
    forget(scene.patient, actor="system:test")
    scene.link.refresh_from_db()
    assert scene.link.revoked_at is not None
    assert nicknames_of([scene.link]) == {scene.link.pk: UNREADABLE}
