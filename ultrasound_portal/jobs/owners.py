"""Who holds a lease: a process that this machine can tell from all others, so that its death is seen at once.

Only what runs beside the owner can know; everybody else waits for the lease to lapse.
"""

import os
from pathlib import Path

_PROC = Path("/proc")
_STARTED = 22 - 4  # proc(5): field 22 of stat, in a list that begins with field 4


def this_process() -> str:
    """Return `<place>:<pid>:<start>`; a number that is given out again has another start."""
    return f"{_place()}:{os.getpid()}:{_start(os.getpid())}"


def has_died(owner: str) -> bool:
    """Say whether the owner ran here and certainly runs no more; any doubt is a no."""
    place, _, process = owner.partition(":")
    pid, _, start = process.partition(":")
    if not place or place != _place() or not pid.isdigit() or not start:
        return False
    return _start(int(pid)) != start and not _is_hidden(int(pid))


def _place() -> str:
    """Name this boot of this machine and its numbering of processes, which each container has to itself."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}-{(_PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return ""  # a machine that does not say so: leases lapse by the clock


def _start(pid: int) -> str:
    """Return when a process began, in ticks since the boot; empty where it is gone or dead and not yet buried."""
    try:
        stat = (_PROC / str(pid) / "stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, *fields = stat.rpartition(b")")[2].split()
    return "" if state in {b"Z", b"X"} else fields[_STARTED].decode()


def _is_hidden(pid: int) -> bool:
    """Say whether a process lives that another user's view of /proc does not show."""
    if (_PROC / str(pid)).exists():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
