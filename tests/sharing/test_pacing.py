"""How long a closed door takes tells nothing of why it is closed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from sharing import tokens
from sharing.models import Link
from sharing.pacing import AtABeat
from sharing.services.links import NewLink, revoke_links
from tests.factories.sharing import Scene, make_link
from tests.triggers import without_triggers

ROUNDS = 16
APART = 0.4  # of ROUNDS, this share of pairs in order is 0.5 by chance, with a standard deviation of 0.1
_hosts = count(1)


@contextmanager
def clocked(times: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    times.append(time.perf_counter() - start)


def told_apart(left: list[float], right: list[float]) -> float:
    """Return by how much the share of pairs in which the left one is slower differs from chance, 0 to 0.5."""
    slower = sum(a > b for a in left for b in right) / (len(left) * len(right))
    return abs(slower - 0.5)


def times_of(doors: dict[str, NewLink | str], path: str) -> dict[str, list[float]]:
    """Try the doors by turns, each time from another address, so that load falls on all alike."""
    times: dict[str, list[float]] = {name: [] for name in doors}
    browser = Client()
    for _ in range(ROUNDS):
        for name, door in doors.items():
            secret = door if isinstance(door, str) else door.secret
            number = next(_hosts)
            host = f"10.1.{number // 250}.{number % 250}"
            with clocked(times[name]):
                browser.post(path, {"secret": secret, "code": "2222-2222"}, REMOTE_ADDR=host)
    return times


@pytest.fixture
def doors(scene: Scene) -> dict[str, NewLink | str]:
    expired, revoked = (make_link(scene.grant, scene.study, scene.clinician) for _ in range(2))
    with without_triggers():
        Link.objects.filter(pk=expired.link.pk).update(
            not_before=timezone.now() - timezone.timedelta(2), not_after=timezone.now() - timezone.timedelta(1)
        )
    revoke_links(Link.objects.filter(pk=revoked.link.pk), actor="system:test")
    return {"unknown": tokens.new_secret(), "expired": expired, "revoked": revoked}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["open", "code"])
def test_unknown_expired_and_revoked_take_the_same_time(
    doors: dict[str, NewLink | str], settings: Settings, name: str
) -> None:
    path = reverse(f"sharing:{name}")
    bare = times_of(doors, path)
    assert told_apart(bare["unknown"], bare["expired"]) > APART  # without the beat this test would be red
    settings.CLOSED_DOOR_BEAT = max(0.03, 3 * max(median(times) for times in bare.values()))
    paced = times_of(doors, path)
    apart = {pair: told_apart(paced[pair[0]], paced[pair[1]]) for pair in PAIRS}
    assert max(apart.values()) < APART, apart


PAIRS = [("unknown", "expired"), ("expired", "revoked"), ("unknown", "revoked")]


def test_a_beat_is_waited_for_and_what_takes_longer_ends_at_the_next(settings: Settings) -> None:
    settings.CLOSED_DOOR_BEAT = 0.05
    for work, beats in ((0.0, 1), (0.06, 2)):
        times: list[float] = []
        with clocked(times), AtABeat():
            time.sleep(work)
        assert times[0] >= beats * 0.05 - 0.001
    with pytest.raises(ValueError, match="kept"), AtABeat():
        raise ValueError("kept")
