"""She makes links for her family within what she agreed to and what the clinic allows, and never beyond."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from consent.ending import withdraw_consent
from consent.models import Grant
from consent.states import WithdrawalChannel
from sharing import access, door
from sharing.errors import LinkClosed, LinkRefusal, LinkRefused
from sharing.models import Link, LinkLimits
from sharing.models.link import LONGEST
from sharing.services.family_links import MOST_OPEN, Wish, family_grant, latest_end, make_family_link
from sharing.services.links import NewLink, create_link
from tests.factories.sharing import Scene, chosen_of, make_grant, make_scene, order_for
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def family(scene: Scene) -> Grant:
    return make_grant(scene.patient, scene.clinician, scene.study, purpose="family", days=60)


def made(scene: Scene, **said: object) -> NewLink:
    terms = {"nickname": "Grandma", "not_after": timezone.now() + timedelta(days=7), "download_allowed": False}
    wish = Wish(**{"submission": uuid4(), **terms, **said})  # type: ignore[arg-type]
    return make_family_link(scene.link, wish, chosen_of(scene.study))


def refusal(scene: Scene, **said: object) -> LinkRefusal:
    with pytest.raises(LinkRefused) as refused:
        made(scene, **said)
    return refused.value.reason


def test_it_works(scene: Scene, family: Grant) -> None:
    new = made(scene)
    assert (new.link.purpose_code, new.link.made_through, new.link.created_by) == ("family", scene.link, None)
    visit = access.viewing(door.open_link(secret=new.secret, code=new.code, address="192.0.2.9"))
    assert access.pictures(visit)
    entry = Entry.objects.get(event="link_created", object_id=new.link.pk)
    assert entry.actor == f"link:{scene.link.pk}"


@pytest.mark.requirement("R17")
def test_it_dies_with_her_yes(scene: Scene, family: Grant) -> None:
    new = made(scene)
    withdraw_consent(family, actor=f"link:{scene.link.pk}", channel=WithdrawalChannel.LINK)
    with pytest.raises(LinkClosed):
        door.open_link(secret=new.secret, code=new.code, address="192.0.2.9")
    assert refusal(scene) is LinkRefusal.NO_CONSENT


def test_without_a_yes_there_is_none(scene: Scene) -> None:
    assert family_grant(scene.link) is None
    assert refusal(scene) is LinkRefusal.NO_CONSENT


def test_a_guests_link_makes_none() -> None:
    guest = make_scene(purpose="family")
    assert family_grant(guest.link) is None
    assert refusal(guest) is LinkRefusal.NO_CONSENT


def test_never_beyond_her_yes_or_the_clinics_limit(scene: Scene, family: Grant) -> None:
    now = timezone.now()
    assert latest_end(family, now) == family.valid_until
    assert refusal(scene, not_after=now + timedelta(days=61)) is LinkRefusal.TOO_LONG
    LinkLimits.objects.create(
        clinic=scene.clinic, version=1, usual_days=3, longest_days=5, published_by=scene.clinician, published_at=now
    )
    assert latest_end(family, now) == now + timedelta(days=5)
    assert refusal(scene, not_after=now + timedelta(days=6)) is LinkRefusal.TOO_LONG
    assert made(scene, not_after=now + timedelta(days=4))


def test_the_longest_life_of_any_link_holds_for_hers(scene: Scene) -> None:
    long = make_grant(scene.patient, scene.clinician, scene.study, purpose="family", days=365)
    now = timezone.now()
    assert latest_end(long, now) == now + LONGEST


def test_twenty_open_ones_are_enough_and_one_that_ended_makes_room(
    scene: Scene, family: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_OPEN == 20
    monkeypatch.setattr("sharing.services.family_links.MOST_OPEN", 2)
    first = made(scene)
    made(scene)
    assert refusal(scene) is LinkRefusal.TOO_MANY
    Link.objects.filter(pk=first.link.pk).update(revoked_at=timezone.now())
    assert made(scene)


def test_a_form_sent_twice_makes_one(scene: Scene, family: Grant) -> None:
    submission = uuid4()
    made(scene, submission=submission)
    assert refusal(scene, submission=submission) is LinkRefusal.ALREADY_MADE


@pytest.mark.parametrize("wrong", ["purpose", "through a guest's", "two makers"])
def test_the_table_refuses_what_no_patient_may_make(scene: Scene, family: Grant, wrong: str) -> None:
    guest = create_link(order_for(family, scene.study), by=scene.clinician).link
    grant = scene.grant if wrong == "purpose" else family
    link = create_link(order_for(grant, scene.study), by=scene.clinician).link
    copy = Link.objects.get(pk=link.pk)
    copy.pk, copy.submission, copy.token_hash = uuid4(), uuid4(), uuid4().hex
    copy.made_through = guest if wrong == "through a guest's" else scene.link
    copy.created_by = scene.clinician if wrong == "two makers" else None
    copy.recipient_check = "by_patient"
    with pytest.raises(DatabaseError), transaction.atomic():
        copy.save(force_insert=True)
