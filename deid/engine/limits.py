"""The walls around the child that opens uploaded files: what it may use, and that it dies with its parent."""

import ctypes
import os
import resource
import signal
from collections.abc import Mapping
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
SHARE, SHARE_OF_PIXEL = 4, 150
"""Bytes for each byte of a request, and for each pixel of one frame: what the largest films were measured to need."""
_KEPT = ("LD_LIBRARY_PATH", "PATH", "TESSDATA_PREFIX", "TZ")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use: `memory` (address space) and `file_size` (one file) in bytes; `open_files` counts.

    `own` bounds in bytes what it may allocate besides its shares of the request and of the picture (`allowance`).
    Allocated is more than resident: a child that has cleaned a cine of 300 frames of 1024 x 768 holds 474 MiB.
    """

    memory: int = 2 << 30
    own: int = 576 << 20
    file_size: int = 64 << 20
    open_files: int = 128

    def arguments(self, *, parent: int) -> list[str]:
        """Return the limits as a child's command line."""
        return [
            f"--parent={parent}",
            f"--memory={self.memory}",
            f"--own={self.own}",
            f"--file-size={self.file_size}",
            f"--open-files={self.open_files}",
        ]


def apply(limits: Limits, *, parent: int) -> None:
    """Confine this process for good. Raises OSError or ValueError where the system refuses.

    `parent` is the process ID of the one that asked for this child: if it is gone already, nobody would ever stop the
    child, so it ends itself.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_FSIZE, limits.file_size)
    _lower(resource.RLIMIT_NOFILE, limits.open_files)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError("the parent is gone")


def allow_cpu(seconds: int) -> None:
    """Grant the next request this much processor time; the system ends a process that uses more."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + seconds, hard))


def allowance(own: int, *, request: int, pixels: int = 0) -> int:
    """Return how many bytes a request of this size may allocate when a frame of its picture has this many pixels."""
    return own + SHARE * request + SHARE_OF_PIXEL * pixels


def allow_memory(size: int) -> None:
    """Let this process allocate so many bytes in all; what goes beyond is a MemoryError."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


def environment(outer: Mapping[str, str], *, scratch: str, root: str) -> dict[str, str]:
    """Return the few variables that a child needs; secrets and addresses of the outer process are not among them.

    Each child keeps to one core, so that as many children as cores do not stand in each other's way.
    """
    kept = {name: outer[name] for name in _KEPT if name in outer}
    return kept | {
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_FOR_THREADS_NUM": "1",
        "PYTHONPATH": root,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (allowed, allowed))


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "the system refused a limit")
