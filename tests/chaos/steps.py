"""Does something at a chosen step of a piece of work: a step is a call that the portal's own code makes or takes."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_ROOT = Path(__file__).parents[2]
_OURS = tuple(f"{_ROOT / package}/" for package in ("ultrasound_portal", "deid"))


class Steps:
    """Counts the steps of this thread; `act` is called before step number `at`, once."""

    def __init__(self, at: int = 0, act: Callable[[], None] | None = None) -> None:
        self.count = 0
        self.struck = False
        self._at = at
        self._act = act

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """Take note of one event of the interpreter (`sys.setprofile`)."""
        if event not in ("call", "c_call") or not frame.f_code.co_filename.startswith(_OURS):
            return
        self.count += 1
        if self.count == self._at and self._act is not None:
            sys.setprofile(None)
            self.struck = True
            self._act()
            sys.setprofile(self)


@contextmanager
def counted(steps: Steps) -> Iterator[Steps]:
    """Count the steps of the block."""
    sys.setprofile(steps)
    try:
        yield steps
    finally:
        sys.setprofile(None)
