"""What ends with a yes ends in its transaction, or the yes does not end."""

from collections.abc import Iterator

import pytest

from consent import aftermath
from consent.ending import withdraw_consent
from consent.models import Grant
from consent.states import GrantDecision, GrantState, WithdrawalChannel
from tests.factories.sharing import make_grant, make_scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[object, str]]]:
    """Followers other than those of the house, which tell what they were told."""
    seen: list[tuple[object, str]] = []
    monkeypatch.setattr(aftermath, "_followers", {})

    @aftermath.follows
    def follower(grant: Grant, actor: str) -> None:
        seen.append((grant.pk, actor))

    return seen


@pytest.mark.requirement("R18")
def test_followers_hear_of_a_withdrawal_and_who_made_it(told: list[tuple[object, str]]) -> None:
    scene = make_scene()
    actor = f"user:{scene.clinician.pk}"
    withdraw_consent(scene.grant, actor=actor, channel=WithdrawalChannel.PHONE)
    assert told == [(scene.grant.pk, actor)]


def test_a_no_in_the_place_of_a_yes_is_an_end_too(told: list[tuple[object, str]]) -> None:
    scene = make_scene()
    make_grant(scene.patient, scene.clinician, scene.study, decision=GrantDecision.DENY)
    assert [key for key, _ in told] == [scene.grant.pk]


def test_a_new_yes_holds_before_followers_hear_of_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    standing: list[int] = []
    monkeypatch.setattr(aftermath, "_followers", {})

    @aftermath.follows
    def count(grant: Grant, actor: str) -> None:
        standing.append(Grant.objects.filter(patient=grant.patient, state=GrantState.ACTIVE).count())

    make_grant(scene.patient, scene.clinician, scene.study)
    assert standing == [1]


def test_what_a_follower_raises_undoes_the_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene()
    monkeypatch.setattr(aftermath, "_followers", {})

    @aftermath.follows
    def fail(grant: Grant, actor: str) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        withdraw_consent(scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE)
    scene.grant.refresh_from_db()
    assert scene.grant.state == GrantState.ACTIVE
