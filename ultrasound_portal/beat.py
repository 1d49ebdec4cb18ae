"""Celery's clock, made to bear a jump of the machine's: one that is put back by an hour would stop it for that hour."""

import time
from typing import Any

from celery.beat import PersistentScheduler

JUMP = 3.0
"""Seconds by which the machine's clock may differ from the one that only runs forward, between two looks."""


class Scheduler(PersistentScheduler):
    """Counts every interval anew after a jump; what is due often comes within its interval, whatever the clock says."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: celery hands its own arguments through
        self._offset = _offset()
        super().__init__(*args, **kwargs)

    def setup_schedule(self) -> None:
        """Read when each task was last sent, but believe no time that is still to come."""
        super().setup_schedule()
        for entry in self.schedule.values():
            if entry.last_run_at and entry.last_run_at > entry.default_now():
                entry.last_run_at = entry.default_now()

    def tick(self, *args: Any, **kwargs: Any) -> float:  # Any: celery's own arguments
        """Send what is due and return the seconds until the next look."""
        offset = _offset()
        if abs(offset - self._offset) > JUMP:
            for entry in self.schedule.values():
                entry.last_run_at = entry.default_now()
            self._heap = None
        self._offset = offset
        seconds: float = super().tick(*args, **kwargs)
        return seconds


def _offset() -> float:
    return time.time() - time.monotonic()
