"""A machine's clock that jumps neither stops the portal's upkeep nor sets it off twice."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from celery import Celery
from celery.schedules import BaseSchedule

from ultrasound_portal import beat
from ultrasound_portal.beat import Scheduler


class Beating(Scheduler):
    """The scheduler with a list in place of the broker."""

    def apply_entry(self, entry: object, producer: object = None) -> None:
        self.sent.append(entry.name)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[Beating]:
    app = Celery("beating", broker="memory://", set_as_current=False)
    app.conf.timezone = "UTC"
    app.conf.beat_schedule = {name: {"task": name, "schedule": 10.0} for name in ("one", "two")}
    made = Beating(app, schedule_filename=str(tmp_path / "clock"))
    made.sent = []
    yield made
    made.close()


def run(scheduler: Beating) -> list[str]:
    """Tick until nothing is due, and return what was sent."""
    scheduler.sent.clear()
    while not scheduler.tick():
        pass
    return sorted(set(scheduler.sent))


def put(monkeypatch: pytest.MonkeyPatch, *, jumped: float, passed: float = 0.0) -> None:
    """Show a clock that jumped, and on which time passed besides."""
    offset = time.time() - time.monotonic() + jumped
    monkeypatch.setattr(BaseSchedule, "now", lambda self: datetime.now(UTC) + timedelta(seconds=jumped + passed))
    monkeypatch.setattr(beat, "_offset", lambda: offset)


@pytest.mark.parametrize("by", [-3600, -86_400 * 400, 3600])
def test_after_a_jump_every_interval_is_counted_anew(
    scheduler: Beating, monkeypatch: pytest.MonkeyPatch, by: float
) -> None:
    run(scheduler)
    put(monkeypatch, jumped=by)
    assert 0 < scheduler.tick() <= 10
    put(monkeypatch, jumped=by, passed=11)
    assert run(scheduler) == ["one", "two"]


def test_without_a_jump_nothing_is_counted_anew(scheduler: Beating) -> None:
    run(scheduler)
    heap = scheduler._heap
    scheduler.tick()
    assert scheduler._heap is heap


def test_a_time_that_is_still_to_come_is_not_believed(scheduler: Beating, tmp_path: Path) -> None:
    for entry in scheduler.schedule.values():
        entry.last_run_at = entry.default_now() + timedelta(hours=1)
    scheduler.close()
    again = Beating(scheduler.app, schedule_filename=str(tmp_path / "clock"))
    again.sent = []
    assert 0 < again.tick() <= 10
    again.close()
