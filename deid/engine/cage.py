"""Keeps warm, confined child processes that open uploaded files, so that the web and the workers never do it
themselves.

A file that crashes, hangs or bloats its child costs that child and nothing else.
"""

import atexit
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from deid.engine import wire
from deid.engine.archives import Limits as ArchiveLimits
from deid.engine.brand import Brand
from deid.engine.errors import Held, HoldReason, Rejected
from deid.engine.findings import Outcome
from deid.engine.formats import Format, Render
from deid.engine.intake import Peek
from deid.engine.lending import Lender
from deid.engine.limits import Limits, environment
from deid.engine.policy import Policy
from deid.engine.scratch import Scratch
from deid.engine.walls import Walls

START_SECONDS = 60.0
PEEK_SECONDS = 30.0
DEIDENTIFY_SECONDS = 600.0
UNPACK_SECONDS = 300.0

Answer = TypeVar("Answer")

_ROOT = str(Path(__file__).resolve().parents[2])
_COMMAND = (sys.executable, "-s", "-P", "-m", "deid.engine.confined")


class CageBroken(Exception):
    """The child gave no answer; `reason` is TIMED_OUT or CRASHED, and nothing of the file is carried along."""

    def __init__(self, reason: HoldReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Cage:
    """Up to `size` warm children, each serving one request at a time; safe to share between threads.

    A child is replaced after any fault, and after `requests_per_child` requests. `command` is what to start; the
    limits are handed to it as arguments.
    """

    def __init__(
        self,
        *,
        size: int = 2,
        requests_per_child: int = 200,
        limits: Limits | None = None,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        self._limits = limits or Limits()
        self._command = tuple(command)
        self._requests_per_child = requests_per_child
        self._size = size
        self._free = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()
        self._closed = False
        # A child dies with the thread that started it (PR_SET_PDEATHSIG), so one lasting thread starts them all.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cage")

    def peek(self, data: bytes, *, timeout: float = PEEK_SECONDS) -> Peek:
        """Return what a file says it is. Raises Rejected or CageBroken."""
        return self._ask(
            {"kind": "peek"},
            [data],
            timeout=timeout,
            decode=lambda frame: wire.peek_from_json(wire.part(frame, "peek")),
        )

    def deidentify(
        self,
        data: bytes,
        *,
        policy: Policy,
        brand: Brand | None,
        secret: bytes,
        timeout: float = DEIDENTIFY_SECONDS,
    ) -> Outcome:
        """Run the whole engine on a file within `timeout` seconds. Raises Rejected or CageBroken."""
        values, logo = wire.brand_to_json(brand)
        return self._ask(
            {"kind": "deidentify", "policy": wire.policy_to_json(policy), **values},
            [data, secret, *logo],
            timeout=timeout,
            decode=lambda frame: wire.outcome_from_json(wire.part(frame, "outcome"), frame.blobs),
        )

    def render(
        self,
        master: bytes,
        wanted: Sequence[Format],
        *,
        cut: tuple[int, int, int, int] | None,
        brand: Brand,
        max_pixels: int,
        timeout: float = DEIDENTIFY_SECONDS,
    ) -> list[Render]:
        """Make formats of a clean master, a DICOM file; see `deid.engine.renders`.

        Raises Held with the reason, Rejected or CageBroken.
        """
        values, logos = wire.brand_to_json(brand)
        asked: wire.Json = {"kind": "render", "formats": list(wanted), "cut": cut, "max_pixels": max_pixels, **values}
        made = self._ask(asked, [master, *logos], timeout=timeout, decode=_made_or_held)
        if isinstance(made, HoldReason):
            raise Held(made)
        return made

    def open_archive(self, file: IO[bytes], size: int, limits: ArchiveLimits, *, key: str) -> int:
        """Return how many members a ZIP of `size` bytes has. Raises Rejected, CageBroken and what reading it raises.

        `key` names the archive for `unpack`, so that a child reads its index once.
        """
        return self._ask(
            {"kind": "archive", "key": key, "size": size, "limits": wire.archive_limits_to_json(limits)},
            [],
            timeout=UNPACK_SECONDS,
            decode=lambda frame: wire.count(frame.header.get("members")),
            lender=Lender(file),
        )

    def unpack(
        self, file: IO[bytes], size: int, limits: ArchiveLimits, *, key: str, number: int, left: int
    ) -> bytes | None:
        """Return a member of an archive, None for a disc's index; `left` bytes may still come out of the whole.

        Raises as `open_archive` does.
        """
        lender = Lender(file, most=min(left, limits.member_bytes))
        header = {"kind": "member", "key": key, "size": size, "limits": wire.archive_limits_to_json(limits)}
        kept = self._ask(
            {**header, "number": number, "left": left},
            [],
            timeout=UNPACK_SECONDS,
            decode=lambda frame: wire.flag(frame.header.get("kept")),
            lender=lender,
        )
        return bytes(lender.taken) if kept else None

    def repaint(self, data: bytes, *, timeout: float = PEEK_SECONDS) -> bytes:
        """Return a logo as a fresh PNG of nothing but its pixels. Raises Rejected or CageBroken."""
        return self._ask({"kind": "logo"}, [data], timeout=timeout, decode=wire.only_blob)

    def warm_up(self) -> Walls:
        """Have a child ready and return the walls round it. Raises CageBroken where none can be started."""
        with self._child() as child:
            return child.walls

    def close(self) -> None:
        """End all children, busy ones too; the cage is of no use afterwards."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
            busy = self._all - set(idle)
        for child in idle:
            self._discard(child)
        for child in busy:
            # whoever waits for its answer buries it
            child.kill()
        self._starter.shutdown()

    def disown(self) -> None:
        """Forget the children in a forked process: they belong to the process that started them."""
        self._closed = True
        for child in self._all:
            child.disown()

    def _ask(
        self,
        header: wire.Json,
        blobs: list[bytes],
        *,
        timeout: float,
        decode: Callable[[wire.Frame], Answer],
        lender: Lender | None = None,
    ) -> Answer:
        with self._child() as child:
            frame = child.ask({**header, "seconds": math.ceil(timeout)}, blobs, timeout, lender)
            if "rejected" not in frame.header:
                return decode(frame)
            reason = wire.reject_reason(frame.header["rejected"])
        raise Rejected(reason)

    @contextmanager
    def _child(self) -> Iterator["_Child"]:
        """Lend a living child; it goes back only if nothing went wrong with it."""
        with self._free:
            child = self._borrow()
            try:
                yield child
            except wire.Garbled:
                self._replace(child)
                raise CageBroken(HoldReason.CRASHED) from None
            except BaseException:
                self._replace(child)
                raise
            self._give_back(child)

    def _borrow(self) -> "_Child":
        with self._lock:
            if self._closed:
                raise RuntimeError("the cage is closed")
            while self._idle:
                child = self._idle.pop()
                if child.alive():
                    return child
                self._all.discard(child)
                child.end()
        return self._start()

    def _start(self) -> "_Child":
        child = self._starter.submit(_Child, self._command, self._limits).result()
        with self._lock:
            self._all.add(child)
        try:
            child.greet()
        except BaseException:
            self._discard(child)
            raise
        return child

    def _give_back(self, child: "_Child") -> None:
        if child.served >= self._requests_per_child or self._closed:
            self._replace(child)
            return
        with self._lock:
            self._idle.append(child)

    def _replace(self, child: "_Child") -> None:
        """End a child and have another one ready, so that the next request need not wait for its start."""
        self._discard(child)
        if not self._closed:
            threading.Thread(target=self._stand_by, name="cage-replacement", daemon=True).start()

    def _stand_by(self) -> None:
        """Start a child for the next request; one that does not start will be missed by that request and told of."""
        try:
            child = self._start()
        except (CageBroken, OSError, RuntimeError):
            return
        with self._lock:
            spare = not self._closed and len(self._all) <= self._size
            if spare:
                self._idle.append(child)
        if not spare:
            self._discard(child)

    def _discard(self, child: "_Child") -> None:
        with self._lock:
            self._all.discard(child)
        child.end()


def _made_or_held(frame: wire.Frame) -> list[Render] | HoldReason:
    """Read the answer to `render`; a held one leaves its child in order. Raises Garbled."""
    if "held" not in frame.header:
        return wire.renders_from_json(frame)
    try:
        return HoldReason(frame.header["held"])
    except ValueError:
        raise wire.Garbled from None


class _Child:
    """One process in a session of its own, its two pipes and its private folder."""

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
        return self._process.poll() is None

    def greet(self) -> None:
        """Wait until it is ready, so that its start is not taken from the time of the first request."""
        frame = self._wait(START_SECONDS, lambda: None)
        self.walls = wire.walls_from_json(wire.part(frame, "ready"))

    def ask(self, header: wire.Json, blobs: Sequence[bytes], timeout: float, lender: Lender | None) -> wire.Frame:
        """Send one request and wait for its answer; the clock kills the whole group when the time is up.

        Meanwhile `lender` serves what the child asks for.
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


_guard = threading.Lock()
_shared: Cage | None = None


def shared() -> Cage:
    """Return this process's cage, started at the first call; a forked process gets one of its own."""
    global _shared
    with _guard:
        if _shared is None:
            _shared = Cage()
            atexit.register(_shared.close)
        return _shared


def _after_fork() -> None:
    global _guard, _shared
    _guard = threading.Lock()
    if _shared is not None:
        atexit.unregister(_shared.close)
        _shared.disown()
        _shared = None


os.register_at_fork(after_in_child=_after_fork)
