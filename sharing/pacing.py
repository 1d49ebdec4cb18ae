"""Closed doors take the same time: an answer leaves at a beat, so that how long it took tells nothing of why.

The secret of a link cannot be guessed; this is for who holds one and would learn whether it ended, was revoked, or
never was (OWASP ASVS 5.0, 6.3.8).
"""

import time
from types import TracebackType

from django.conf import settings


class AtABeat:
    """Waits at its end until a whole number of beats (`CLOSED_DOOR_BEAT`, in seconds) has passed since its start."""

    def __enter__(self) -> None:
        self._start = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        beat = settings.CLOSED_DOOR_BEAT
        if beat:
            time.sleep(beat - (time.monotonic() - self._start) % beat)
