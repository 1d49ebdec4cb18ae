"""Stages add up, and no second counts twice."""

import time

import pytest

from deid.engine.clock import Clock


def test_same_stage_adds_up() -> None:
    clock = Clock()

    for _ in range(2):
        with clock.stage("decode"):
            time.sleep(0.01)

    assert set(clock.seconds) == {"decode"}
    assert clock.seconds["decode"] >= 0.02


def test_stage_inside_another_is_taken_from_it() -> None:
    clock = Clock()

    with clock.stage("outer"), clock.stage("inner"):
        time.sleep(0.05)

    assert clock.seconds["inner"] >= 0.05
    assert clock.seconds["outer"] < 0.04


def test_failing_stage_counts_too() -> None:
    clock = Clock()

    with pytest.raises(ValueError, match="broken"), clock.stage("render"):
        raise ValueError("broken")

    assert clock.seconds["render"] >= 0
