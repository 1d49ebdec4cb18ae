"""A consent is taken back from the patient's own page."""

import pytest

from consent.errors import ConsentRefused
from consent.models import Withdrawal
from consent.states import GrantState
from sharing import access, door
from sharing.models import Link, Opening
from sharing.services.withdrawal import copies_out, take_back
from tests.factories.sharing import Scene, make_grant, make_link
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("R18")
def test_consent_links_and_visits_end_together(scene: Scene) -> None:
    make_link(scene.grant, scene.study, scene.clinician)
    scene.visit()
    take_back(scene.link)
    scene.grant.refresh_from_db()
    assert scene.grant.state == GrantState.WITHDRAWN
    assert not Link.objects.filter(revoked_at=None).exists()
    assert not Opening.objects.filter(ended_at=None).exists()
    assert Withdrawal.objects.get().actor == f"link:{scene.link.pk}"
    assert Entry.objects.filter(event=Event.LINK_REVOKED).count() == 2


@pytest.mark.requirement("R2")
def test_another_purpose_stays_as_it_was(scene: Scene) -> None:
    family = make_grant(scene.patient, scene.clinician, scene.study, purpose="family")
    kept = make_link(family, scene.study, scene.clinician)
    take_back(scene.link)
    assert door.open_link(secret=kept.secret, code=kept.code, address="192.0.2.7")


def test_what_is_taken_back_cannot_be_taken_back_again(scene: Scene) -> None:
    take_back(scene.link)
    with pytest.raises(ConsentRefused):
        take_back(scene.link)
    assert Withdrawal.objects.count() == 1


@pytest.mark.requirement("R19")
def test_saved_copies_are_counted_by_day_and_resumed_ones_once(scene: Scene) -> None:
    visit, file = scene.visit(), scene.file()
    assert copies_out(scene.grant.pk) == []
    for start in (0, 100, 0):
        access.read(visit, file.pk, start, start + 10, event=Event.PICTURE_DOWNLOADED)
    access.read(visit, file.pk, 0, 10, event=Event.PICTURE_SERVED)
    assert [copies.files for copies in copies_out(scene.grant.pk)] == [2]
