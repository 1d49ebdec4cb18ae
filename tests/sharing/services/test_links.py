"""Links are made and revoked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from consent.models import Grant
from consent.services import withdraw_consent
from consent.states import GrantDecision, WithdrawalChannel
from sharing import tokens
from sharing.errors import LinkRefusal, LinkRefused
from sharing.models import Link, Opening
from sharing.services.links import ChosenFile, LinkOrder, create_link, revoke_links, state_of
from sharing.states import LinkState
from tests.factories.sharing import (
    Scene,
    chosen_of,
    make_grant,
    make_link,
    make_released,
    make_scene,
    make_study,
    order_for,
    shown_of,
)
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def refusal(scene: Scene, order: LinkOrder) -> LinkRefusal:
    before = Link.objects.count()
    with pytest.raises(LinkRefused) as refused:
        create_link(order, by=scene.clinician)
    assert Link.objects.count() == before
    return refused.value.reason


def test_it_works(scene: Scene) -> None:
    made = make_link(scene.grant, scene.study, scene.clinician)
    stored = Link.objects.get(pk=made.link.pk)
    assert stored.token_hash == tokens.secret_hash(made.secret)
    assert tokens.code_matches(made.code, stored.code_hash)
    assert (stored.purpose_code, stored.openings) == ("own_copy", 0)
    assert stored.images.count() == len(chosen_of(scene.study))


def test_no_secret_is_kept_anywhere(scene: Scene) -> None:
    made = make_link(scene.grant, scene.study, scene.clinician)
    row = repr(Link.objects.filter(pk=made.link.pk).values().get())
    trail = repr(list(Entry.objects.values()))
    for secret in (made.secret, made.code, made.code.replace("-", "")):
        assert secret not in row
        assert secret not in trail


def test_making_a_link_is_on_the_trail(scene: Scene) -> None:
    entry = Entry.objects.get(event=Event.LINK_CREATED)
    assert entry.actor == f"user:{scene.clinician.pk}"
    assert (entry.object_id, entry.grant_id, entry.purpose) == (scene.link.pk, scene.grant.pk, "own_copy")
    assert entry.detail == {
        "files": 3, "recipient_check": "in_person", "download_allowed": True, "second_secret": "card",
    }  # fmt: skip


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R3")
def test_without_consent_a_clean_picture_is_not_shared(scene: Scene) -> None:
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    assert refusal(scene, order_for(scene.grant, scene.study)) is LinkRefusal.NO_CONSENT


@pytest.mark.requirement("R1")
def test_a_refusal_makes_no_link(scene: Scene) -> None:
    denied = make_grant(scene.patient, scene.clinician, scene.study, purpose="family", decision=GrantDecision.DENY)
    assert refusal(scene, order_for(denied, scene.study)) is LinkRefusal.NO_CONSENT


@pytest.mark.requirement("R10")
def test_a_picture_that_was_not_shown_is_not_shared(scene: Scene) -> None:
    first = chosen_of(scene.study)[0]
    foreign = ChosenFile(first.picture_id, uuid4(), first.sha256)
    changed = ChosenFile(first.picture_id, first.artefact_id, "0" * 64)
    for file in (foreign, changed):
        order = order_for(scene.grant, scene.study, files=[file])
        assert refusal(scene, order) is LinkRefusal.NOT_CONSENTED


def test_another_patients_consent_makes_no_link(scene: Scene) -> None:
    other = make_scene()
    assert refusal(scene, order_for(other.grant, scene.study)) is LinkRefusal.NO_CONSENT
    mine = make_study(scene.clinic, other.patient)
    assert refusal(scene, order_for(scene.grant, mine, files=chosen_of(scene.study))) is LinkRefusal.NO_CONSENT


@pytest.mark.requirement("R10")
def test_the_consent_for_one_study_makes_no_link_of_another(scene: Scene) -> None:
    later = make_study(scene.clinic, scene.patient)
    make_released(later, scene.clinician)
    shown = shown_of(scene.study) + shown_of(later)
    both = make_grant(scene.patient, scene.clinician, scene.study, shown=shown)
    assert refusal(scene, order_for(both, later)) is LinkRefusal.NO_CONSENT
    assert refusal(scene, order_for(both, scene.study, files=chosen_of(later))) is LinkRefusal.NOT_CONSENTED


def test_a_link_without_pictures_is_not_made(scene: Scene) -> None:
    assert refusal(scene, order_for(scene.grant, scene.study, files=[])) is LinkRefusal.NO_PICTURES


@pytest.mark.requirement("R35")
def test_a_link_gives_only_the_pictures_that_were_picked() -> None:
    scene = make_scene(pictures=3)
    files = [file for file in chosen_of(scene.study) if file.picture_id != scene.instances[1].pk]
    made = create_link(order_for(scene.grant, scene.study, files=files), by=scene.clinician)
    assert set(made.link.images.values_list("picture_id", "position")) == {
        (scene.instances[0].pk, 1),
        (scene.instances[2].pk, 2),
    }


@pytest.mark.requirement("R44")
@pytest.mark.parametrize("days", [91, 366])
def test_a_link_is_never_longer_than_ninety_days(scene: Scene, days: int) -> None:
    order = order_for(scene.grant, scene.study, not_after=timezone.now() + timedelta(days=days))
    assert refusal(scene, order) is LinkRefusal.TOO_LONG


@pytest.mark.requirement("R44")
def test_a_link_never_outlives_its_consent(scene: Scene) -> None:
    short = make_grant(scene.patient, scene.clinician, scene.study, days=10)
    assert short.valid_until is not None
    beyond = order_for(short, scene.study, not_after=short.valid_until + timedelta(seconds=1))
    assert refusal(scene, beyond) is LinkRefusal.TOO_LONG
    assert create_link(order_for(short, scene.study, not_after=short.valid_until), by=scene.clinician)


def test_a_form_sent_twice_makes_one_link(scene: Scene) -> None:
    order = order_for(scene.grant, scene.study, submission=uuid4())
    create_link(order, by=scene.clinician)
    assert refusal(scene, order) is LinkRefusal.ALREADY_MADE


def test_revoking_ends_the_link_and_its_visits_once(scene: Scene) -> None:
    scene.visit()
    actor = f"user:{scene.clinician.pk}"
    assert revoke_links(Link.objects.all(), actor=actor) == 1
    assert revoke_links(Link.objects.all(), actor=actor) == 0
    scene.link.refresh_from_db()
    assert scene.link.revoked_at is not None
    assert Opening.objects.get().ended_at == scene.link.revoked_at
    assert Entry.objects.get(event=Event.LINK_REVOKED).actor == actor


def test_the_list_tells_what_a_link_is_worth(scene: Scene) -> None:
    now = timezone.now()
    link = Link.objects.get(pk=scene.link.pk)
    assert state_of(link, now) is LinkState.ACTIVE
    assert state_of(link, now + timedelta(days=15)) is LinkState.EXPIRED
    assert state_of(link, now + timedelta(days=366)) is LinkState.EXPIRED
    link.openings = link.max_openings
    assert state_of(link, now) is LinkState.SPENT
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    link.grant = Grant.objects.get(pk=scene.grant.pk)
    assert state_of(link, now) is LinkState.WITHDRAWN
    link.revoked_at = now
    assert state_of(link, now) is LinkState.REVOKED
