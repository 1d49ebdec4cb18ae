"""Children that misbehave to order, in place of the one that opens files."""

import sys
import time
from pathlib import Path


def answering(code: str) -> list[str]:
    """Return a command of a stand-in child that reads requests with the real wire and then runs `code`."""
    body = (
        "import os, sys, time\nfrom deid.engine import wire\n"
        "source, sink = os.fdopen(0, 'rb', 0), os.fdopen(1, 'wb', 0)\n"
        "wire.write(sink, {'ready': {'files': False, 'network': False}})\n"
        "while (frame := wire.read(source)) is not None:\n"
    )
    return [sys.executable, "-c", body + "".join(f"    {line}\n" for line in code.splitlines())]


def gone(pid: int) -> bool:
    """Wait until a process is no more; False where it stays for ten seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.02)
    return False
