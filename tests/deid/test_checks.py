"""Whoever runs the portal learns whether the walls stand."""

import pytest

from deid import checks
from deid.engine.errors import CageBroken, HoldReason
from deid.engine.walls import Walls


class Telling:
    """Stands for a cage on a system that forbids walls, since this one may allow them."""

    def __init__(self, told: Walls | CageBroken) -> None:
        self._told = told

    def warm_up(self) -> Walls:
        if isinstance(self._told, CageBroken):
            raise self._told
        return self._told


@pytest.mark.parametrize(
    ("walls", "words"),
    [
        (Walls(files=False, network=True), "from files."),
        (Walls(files=True, network=False), "from the network."),
        (Walls(files=False, network=False), "from files and the network."),
    ],
    ids=str,
)
def test_a_missing_wall_is_told(monkeypatch: pytest.MonkeyPatch, walls: Walls, words: str) -> None:
    monkeypatch.setattr(checks.cage, "shared", lambda: Telling(walls))
    (warning,) = checks.check_walls_stand()
    assert warning.id == "portal.W002"
    assert warning.msg.endswith(words)


def test_a_child_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.cage, "shared", lambda: Telling(CageBroken(HoldReason.CRASHED)))
    assert [warning.id for warning in checks.check_walls_stand()] == ["portal.W003"]


def test_standing_walls_need_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.cage, "shared", lambda: Telling(Walls(files=True, network=True)))
    assert checks.check_walls_stand() == []
