"""Says on a terminal or in a log how far a long run is, in numbers only."""

import shutil
import threading
import time
from collections import deque
from types import TracebackType
from typing import TextIO

_TERMINAL_SECONDS = 0.5
_LOG_SECONDS = 5.0
_WINDOW = 60


class Progress:
    """Counts finished inputs; use as a context manager round the work. Safe to share between threads.

    A terminal sees one line that changes, anything else a line every few seconds, and both a last one.
    """

    def __init__(self, total: int, stream: TextIO, *, every: float | None = None) -> None:
        self._total = total
        self._stream = stream
        self._terminal = stream.isatty()
        self._every = every or (_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS)
        self._guard = threading.Lock()
        self._counts = {"clean": 0, "held": 0, "rejected": 0}
        self._earlier = 0
        self._recent: deque[float] = deque([time.monotonic()], maxlen=_WINDOW)
        self._over = threading.Event()
        self._ticker = threading.Thread(target=self._tick, name="progress", daemon=True)

    def __enter__(self) -> "Progress":
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._ticker.join()
        self._show(last=True)

    def count(self, status: str, *, earlier: bool = False) -> None:
        """Count one input of that status; `earlier` says that a run before this one had finished it."""
        with self._guard:
            self._counts[status] += 1
            self._earlier += earlier
            if not earlier:
                self._recent.append(time.monotonic())

    def line(self) -> str:
        """Return how far the work is: done of total, held, rejected, rate and time left."""
        with self._guard:
            done = sum(self._counts.values())
            parts = [f"{done}/{self._total} done", f"{self._counts['held']} held"]
            parts.append(f"{self._counts['rejected']} rejected")
            if self._earlier:
                parts.append(f"{self._earlier} from an earlier run")
            if 0 < done < self._total and (rate := self._rate()):
                parts += [f"{rate:.1f} a second" if rate >= 1 else f"{60 * rate:.1f} a minute"]
                parts += [f"{spoken((self._total - done) / rate)} left"]
        return ", ".join(parts)

    def _rate(self) -> float:
        """Inputs a second among the last ones, so that a slow stretch shows soon."""
        return (len(self._recent) - 1) / max(time.monotonic() - self._recent[0], 1e-9)

    def _tick(self) -> None:
        while not self._over.wait(self._every):
            self._show(last=False)

    def _show(self, *, last: bool) -> None:
        text = self.line()
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            text = f"\r\x1b[K{text[:width]}" + ("\n" if last else "")
        else:
            text += "\n"
        self._stream.write(text)
        self._stream.flush()


def spoken(seconds: float) -> str:
    """Return a length of time in the two units that matter."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
