"""How long a closed door takes tells nothing of why it is closed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from sharing import tokens
from sharing.models import Link
from sharing.pacing import AtABeat
from sharing.services.links import NewLink, revoke_links
from tests.factories.sharing import Scene, make_link
from tests.triggers import without_triggers

BEAT = 60.0


@contextmanager
def clocked(times: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    times.append(time.perf_counter() - start)


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
@pytest.mark.parametrize("name", ["open", "code", "decide_open"])
def test_unknown_expired_and_revoked_leave_at_the_same_beat(
    doors: dict[str, NewLink | str], settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """All that could take longer for one reason than for another is done before the wait, which evens it out."""
    settings.CLOSED_DOOR_BEAT = BEAT
    done: list[int] = []
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        done.append(len(asked))

    monkeypatch.setattr("sharing.pacing.time.sleep", wait)
    for number, door in enumerate(doors.values(), start=1):
        secret = door if isinstance(door, str) else door.secret
        with CaptureQueriesContext(connection) as asked:
            Client().post(
                reverse(f"sharing:{name}"), {"secret": secret, "code": "2222-2222"}, REMOTE_ADDR=f"10.1.0.{number}"
            )
        assert done == [len(asked)], "the database is asked nothing after the wait"
        assert 0 < waits[0] < BEAT
        done.clear()
        waits.clear()


def test_a_beat_is_waited_for_and_what_takes_longer_ends_at_the_next(settings: Settings) -> None:
    settings.CLOSED_DOOR_BEAT = 0.05
    for work, beats in ((0.0, 1), (0.06, 2)):
        times: list[float] = []
        with clocked(times), AtABeat():
            time.sleep(work)
        assert times[0] >= beats * 0.05 - 0.001
    with pytest.raises(ValueError, match="kept"), AtABeat():
        raise ValueError("kept")
