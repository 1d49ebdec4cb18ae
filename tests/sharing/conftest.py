"""The scene that most tests of sharing play in, and a clock that can be set."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories.sharing import Scene, make_scene

Clock = Callable[[timedelta], None]


@pytest.fixture
def scene(db: None) -> Scene:
    return make_scene()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Move the clock on."""
    start = timezone.now
    shift = timedelta()

    def now() -> datetime:
        return start() + shift

    def move(by: timedelta) -> None:
        nonlocal shift
        shift += by

    monkeypatch.setattr(timezone, "now", now)
    return move
