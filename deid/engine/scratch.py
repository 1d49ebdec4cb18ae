"""A private folder for a child's temporary files, in memory where the system offers that, gone when the child goes."""

import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

_PREFIX = "engine-scratch-"
# a folder this young may not have its lock yet
_SETTLED_SECONDS = 60.0


class Scratch:
    """One folder of mode 0700; its lock shows that somebody still uses it, also after a sudden death."""

    def __init__(self) -> None:
        base = _base()
        _clear_abandoned(base)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """Delete the folder with all that is in it, and give up the lock."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.disown()

    def disown(self) -> None:
        """Give up this process's handle only; a forked process must, for the folder is still its parent's."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _base() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - a file system in memory: pictures never reach a disk
    return memory if os.access(memory, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())


def _clear_abandoned(base: Path) -> None:
    """Delete this user's folders whose owner died without a chance to do it."""
    for path in base.glob(f"{_PREFIX}*"):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            # another user's, or gone in this moment
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            state = os.fstat(handle)
            if state.st_uid == os.getuid() and time.time() - state.st_mtime > _SETTLED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(handle)
