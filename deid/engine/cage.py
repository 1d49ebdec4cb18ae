"""Keeps warm, confined child processes that open uploaded files, so that the web and the workers never do it
themselves.

A file that crashes, hangs or bloats its child costs that child and nothing else.
"""

import atexit
import math
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, TypeVar

from deid.engine import wire
from deid.engine.archives import Limits as ArchiveLimits
from deid.engine.brand import Brand
from deid.engine.disclosure import Disclosure
from deid.engine.errors import CageBroken, Held, HoldReason, Rejected
from deid.engine.findings import Outcome
from deid.engine.formats import Format, Render
from deid.engine.intake import Peek
from deid.engine.kept_child import KeptChild
from deid.engine.lending import Lender
from deid.engine.limits import Limits
from deid.engine.policy import Policy
from deid.engine.walls import Walls

PEEK_SECONDS = 30.0
DEIDENTIFY_SECONDS = 600.0
UNPACK_SECONDS = 300.0

Answer = TypeVar("Answer")

_COMMAND = (sys.executable, "-s", "-P", "-m", "deid.engine.confined")


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
        self._idle: list[KeptChild] = []
        self._all: set[KeptChild] = set()
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
        made = self._ask(asked, [master, *logos], timeout=timeout, decode=_or_held(wire.renders_from_json))
        if isinstance(made, HoldReason):
            raise Held(made)
        return made

    def rehead(
        self,
        source: bytes | None,
        master: bytes,
        *,
        disclosure: Disclosure,
        secret: bytes,
        timeout: float = DEIDENTIFY_SECONDS,
    ) -> bytes:
        """Return a clean master under the header of a purpose; see `deid.engine.reheading`.

        Raises Held with the reason, Rejected or CageBroken.
        """
        asked: wire.Json = {"kind": "rehead", "disclosure": disclosure.to_dict()}
        blobs = [master, secret] if source is None else [master, secret, source]
        made = self._ask(asked, blobs, timeout=timeout, decode=_or_held(wire.only_blob))
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
    def _child(self) -> Iterator[KeptChild]:
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

    def _borrow(self) -> KeptChild:
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

    def _start(self) -> KeptChild:
        child = self._starter.submit(KeptChild, self._command, self._limits).result()
        with self._lock:
            self._all.add(child)
        try:
            child.greet()
        except BaseException:
            self._discard(child)
            raise
        return child

    def _give_back(self, child: KeptChild) -> None:
        if child.served >= self._requests_per_child or self._closed:
            self._replace(child)
            return
        with self._lock:
            self._idle.append(child)

    def _replace(self, child: KeptChild) -> None:
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

    def _discard(self, child: KeptChild) -> None:
        with self._lock:
            self._all.discard(child)
        child.end()


def _or_held(decode: Callable[[wire.Frame], Answer]) -> Callable[[wire.Frame], Answer | HoldReason]:
    """Read an answer that may say why there is none; one that was held leaves its child in order. Raises Garbled."""

    def decoded(frame: wire.Frame) -> Answer | HoldReason:
        if "held" not in frame.header:
            return decode(frame)
        try:
            return HoldReason(frame.header["held"])
        except ValueError:
            raise wire.Garbled from None

    return decoded


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
