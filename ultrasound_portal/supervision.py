"""Runs child processes together: starts them, restarts those that die, and stops them all within seconds."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GRACE = 7.0
"""Seconds a child has to end by itself before it is killed."""
FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 1.0, 8.0, 60.0
_PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass(slots=True)
class Part:
    """One child: its name, its command, and how it has fared."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = field(default=FIRST_PAUSE)


class Supervisor:
    """Keeps parts running until it is told to stop; each part is the leader of a process group of its own."""

    def __init__(self, parts: Sequence[Part], *, environment: Mapping[str, str], folder: Path) -> None:
        self.parts = parts
        self.environment = dict(environment)
        self.folder = folder

    def tend(self) -> None:
        """Start what is due, and notice what has died: it is due again after a pause that doubles."""
        now = time.monotonic()
        for part in self.parts:
            if part.process is not None and (status := part.process.poll()) is not None:
                self._bury(part, status, now)
            if part.process is None and now >= part.due:
                self._start(part, now)

    def stop(self) -> None:
        """Ask every part to end, wait, and kill with its whole group what has not ended."""
        running = [part.process for part in self.parts if part.process is not None]
        for process in running:
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(timeout=max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"process {process.pid} did not end in time and is killed")
        for process in running:
            _signal_group(process, signal.SIGKILL)
            process.wait()

    def _start(self, part: Part, now: float) -> None:
        part.process = subprocess.Popen(
            part.command,
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # the supervisor has one thread
        )
        part.started = now

    def _bury(self, part: Part, status: int, now: float) -> None:
        assert part.process is not None
        _signal_group(part.process, signal.SIGKILL)
        part.process = None
        if now - part.started > SETTLED:
            part.pause = FIRST_PAUSE
        part.due = now + part.pause
        say(f"{part.name} ended with status {status} and is started again in {part.pause:.0f} s")
        part.pause = min(part.pause * 2, LONGEST_PAUSE)


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _end_with_parent() -> None:
    """Have the kernel end this child if the supervisor is killed outright."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # nobody of the group is left
