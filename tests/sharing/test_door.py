"""Two secrets, counted tries and one closed answer."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers

from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from sharing import door, tokens
from sharing.errors import ClosedReason, LinkClosed
from sharing.models import Attempt, Link, Opening
from sharing.services.links import revoke_links
from tests.factories.sharing import ADDRESS, Scene, make_link, unrelease
from tests.sharing.conftest import Clock
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

pytestmark = pytest.mark.django_db


def last_entry() -> Entry:
    return Entry.objects.latest("seq")


@pytest.mark.requirement("R44")
def test_an_opening_is_counted_audited_and_kept_as_a_hash(scene: Scene) -> None:
    session = scene.enter()
    scene.link.refresh_from_db()
    opening = Opening.objects.get()
    assert scene.link.openings == 1
    assert opening.session_hash == tokens.secret_hash(session)
    entry = last_entry()
    assert (entry.event, entry.actor) == (Event.LINK_OPENED, f"link:{scene.link.pk}")
    assert entry.grant_id == scene.grant.pk


@pytest.mark.parametrize("code", ["lower", "spaces", "plain"])
def test_the_code_is_taken_as_people_type_it(scene: Scene, code: str) -> None:
    typed = {
        "lower": scene.code.lower(),
        "spaces": f" {scene.code.replace('-', ' ')} ",
        "plain": scene.code.replace("-", ""),
    }[code]
    assert scene.enter(code=typed)


def test_an_unknown_secret_is_refused_and_audited_without_a_link(scene: Scene) -> None:
    assert scene.refusal(secret=tokens.new_secret()) is ClosedReason.UNKNOWN
    entry = last_entry()
    assert (entry.event, entry.outcome, entry.detail) == (
        Event.LINK_REFUSED,
        "refused",
        {"reason": "unknown"},
    )
    assert (entry.actor, entry.clinic_id) == ("system:door", None)


@pytest.mark.requirement("R43")
def test_the_secret_without_the_code_opens_nothing(scene: Scene) -> None:
    assert scene.refusal(code="2222-2222") is ClosedReason.WRONG_CODE
    assert last_entry().detail == {"reason": "wrong_code"}
    assert not Opening.objects.exists()


@pytest.mark.requirement("R44")
def test_a_link_is_closed_after_its_last_moment(scene: Scene, later: Clock) -> None:
    later(timedelta(days=14, seconds=-2))
    assert scene.enter()
    later(timedelta(seconds=3))
    assert scene.refusal() is ClosedReason.EXPIRED


@pytest.mark.requirement("R44")
def test_a_link_is_closed_before_its_first_moment(scene: Scene, later: Clock) -> None:
    later(timedelta(days=-1))
    assert scene.refusal() is ClosedReason.NOT_PERMITTED
    assert last_entry().detail == {"reason": "not_permitted", "gate": "not_yet"}


@pytest.mark.requirement("R44")
def test_a_link_opens_no_more_often_than_allowed(scene: Scene) -> None:
    made = make_link(scene.grant, scene.study, scene.clinician, max_openings=1)
    opened = door.open_link(secret=made.secret, code=made.code, address=ADDRESS)
    assert opened
    with pytest.raises(LinkClosed) as closed:
        door.open_link(secret=made.secret, code=made.code, address=ADDRESS)
    assert closed.value.reason is ClosedReason.SPENT


def test_a_revoked_link_is_closed(scene: Scene) -> None:
    revoke_links(Link.objects.all(), actor=f"user:{scene.clinician.pk}")
    assert scene.refusal() is ClosedReason.REVOKED


@pytest.mark.requirement("R1")
def test_a_link_without_consent_is_closed(scene: Scene) -> None:
    withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.IN_PERSON)
    assert scene.refusal() is ClosedReason.NOT_PERMITTED
    entry = last_entry()
    assert entry.event == Event.GATE_REFUSED
    assert entry.detail == {"reason": "not_permitted", "gate": "withdrawn"}


@pytest.mark.requirement("R36")
def test_a_link_without_a_released_picture_is_closed(scene: Scene) -> None:
    unrelease(scene.instances[0])
    assert scene.refusal() is ClosedReason.NOT_RELEASED


@pytest.mark.parametrize("secret", ["right", "wrong", "empty", "revoked"])
@pytest.mark.parametrize("code", ["right", "wrong", "empty"])
def test_every_try_costs_exactly_one_hash(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, secret: str, code: str
) -> None:
    """Whatever is wrong, the hasher runs once, so that the time of an answer tells nothing."""
    if secret == "revoked":
        revoke_links(Link.objects.all(), actor=f"user:{scene.clinician.pk}")
    calls: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counted(self: hashers.MD5PasswordHasher, password: str, salt: str) -> str:
        calls.append("hash")
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counted)
    given = {"right": scene.secret, "revoked": scene.secret, "wrong": tokens.new_secret(), "empty": ""}[secret]
    typed = {"right": scene.code, "wrong": "2222-2222", "empty": ""}[code]
    if (secret, code) == ("right", "right"):
        door.open_link(secret=given, code=typed, address=ADDRESS)
    else:
        with pytest.raises(LinkClosed):
            door.open_link(secret=given, code=typed, address=ADDRESS)
    assert calls == ["hash"]


def test_a_tired_address_is_not_heard(scene: Scene) -> None:
    for _ in range(20):
        assert scene.refusal(secret=tokens.new_secret()) is ClosedReason.UNKNOWN
    assert scene.refusal() is ClosedReason.TOO_MANY_TRIES
    assert Attempt.objects.count() == 20


def test_a_cooling_link_turns_away_the_address_that_failed(scene: Scene, later: Clock) -> None:
    for _ in range(5):
        assert scene.refusal(code="2222-2222") is ClosedReason.WRONG_CODE
    assert scene.refusal() is ClosedReason.COOLING_OFF
    later(timedelta(minutes=5, seconds=1))
    assert scene.enter()


def test_a_stranger_with_the_link_cannot_keep_the_patient_out(scene: Scene) -> None:
    for _ in range(5):
        scene.refusal(code="2222-2222")
    assert door.open_link(secret=scene.secret, code=scene.code, address="198.51.100.4")
