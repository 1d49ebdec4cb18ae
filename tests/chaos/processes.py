"""Finds the processes that a portal has started."""

from collections.abc import Iterator
from pathlib import Path


def below(parent: int) -> Iterator[tuple[int, str]]:
    """Yield number and command of every process below another."""
    pending = [parent]
    while pending:
        process = Path(f"/proc/{pending.pop()}")
        try:
            for task in (process / "task").iterdir():
                pending += [int(pid) for pid in (task / "children").read_text().split()]
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(process.name) != parent:
            yield int(process.name), command
