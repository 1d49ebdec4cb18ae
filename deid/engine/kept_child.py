"""A confined child process as its parent sees it: two pipes, a clock, and a folder of its own."""

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from deid.engine import wire
from deid.engine.errors import CageBroken, HoldReason
from deid.engine.lending import Lender
from deid.engine.limits import Limits, environment
from deid.engine.scratch import Scratch
from deid.engine.walls import Walls

START_SECONDS = 60.0

_ROOT = str(Path(__file__).resolve().parents[2])


class KeptChild:
    """One process in a session of its own; `command` is what to start, the limits are handed to it as arguments.

    `served` counts the requests it was given; `walls` stand once it was greeted.
    """

    def __init__(self, command: Sequence[str], limits: Limits) -> None:
        self.served = 0
        self.walls = Walls(files=False, network=False)
        self._scratch = Scratch()
        self._process = subprocess.Popen(
            [*command, *limits.arguments(parent=os.getpid())],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._scratch.path,
            env=environment(os.environ, scratch=str(self._scratch.path), root=_ROOT),
            start_new_session=True,
        )

    def alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def greet(self) -> None:
        """Wait until it is ready: its start is not taken from the time of the first request. Raises CageBroken."""
        frame = self._wait(START_SECONDS, lambda: None)
        self.walls = wire.walls_from_json(wire.part(frame, "ready"))

    def ask(self, header: wire.Json, blobs: Sequence[bytes], timeout: float, lender: Lender | None) -> wire.Frame:
        """Send one request and wait for its answer; the clock kills the whole group when the time is up.

        Meanwhile `lender` serves what the child asks for. Raises CageBroken.
        """
        self.served += 1
        return self._wait(timeout, lambda: wire.write(self._pipe_in(), header, blobs), lender)

    def _wait(self, timeout: float, send: Callable[[], None], lender: Lender | None = None) -> wire.Frame:
        clock = _Clock(timeout, self.kill)
        try:
            frame = self._exchanged(send)
            while frame is not None and lender is not None and (reply := lender.serve(frame)) is not None:
                frame = self._exchanged(partial(wire.write, self._pipe_in(), {}, reply) if reply else None)
        finally:
            expired = clock.stop()
        if expired:
            raise CageBroken(HoldReason.TIMED_OUT)
        if frame is None:
            raise CageBroken(self._why_gone())
        return frame

    def _exchanged(self, send: Callable[[], None] | None) -> wire.Frame | None:
        """Send and read a frame; None where the child is gone or talks nonsense."""
        try:
            if send is not None:
                send()
            return wire.read(self._pipe_out())
        except (OSError, wire.Garbled):
            return None

    def end(self) -> None:
        """End the process and all that it started, and remove its folder."""
        self.kill()
        self._process.wait()
        self._pipe_in().close()
        self._pipe_out().close()
        self._scratch.remove()

    def disown(self) -> None:
        """Let go of it in a forked process, without ending it."""
        self._pipe_in().close()
        self._pipe_out().close()
        self._scratch.disown()
        # not this process's child any more: nothing to wait for
        self._process.returncode = 0

    def _why_gone(self) -> HoldReason:
        self.kill()
        spent = self._process.wait() == -signal.SIGXCPU
        return HoldReason.TIMED_OUT if spent else HoldReason.CRASHED

    def kill(self) -> None:
        """Stop the process and all that it started, without waiting."""
        # the group outlives its leader's death, but not its leader's burial: after that the number may be another's
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _pipe_in(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _pipe_out(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout


class _Clock:
    """Calls `alarm` once after some seconds, unless stopped; `stop` says whether it was too late."""

    def __init__(self, seconds: float, alarm: Callable[[], None]) -> None:
        self._expired = False
        self._alarm = alarm
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> bool:
        self._timer.cancel()
        self._timer.join()
        return self._expired

    def _ring(self) -> None:
        self._expired = True
        self._alarm()
