"""The most memory that one worker holds at once, with all the processes that it starts."""

import os
import threading
from pathlib import Path

from benchmarks import inputs
from benchmarks.measuring import BRAND, SECRET
from deid.engine.cage import Cage
from deid.engine.policy import Policy

_EVERY = 0.02
_MEBIBYTE = 1 << 20


def peak_of_cine(frames: int) -> float:
    """Return the highest resident memory, in MiB, of a fresh worker while it cleans a cine of 1024 x 768."""
    data = inputs.long_cine(frames)
    cage = Cage(size=1)
    over = threading.Event()
    peaks = [0]
    watcher = threading.Thread(target=_watch, args=(over, peaks))
    watcher.start()
    try:
        cage.deidentify(data, policy=Policy(), brand=BRAND, secret=SECRET)
    finally:
        over.set()
        watcher.join()
        cage.close()
    return peaks[0] / _MEBIBYTE


def _watch(over: threading.Event, peaks: list[int]) -> None:
    while not over.wait(_EVERY):
        tree = _below(os.getpid())
        now = sum(_kibibytes(pid, "VmRSS:") for pid in tree) << 10
        # the kernel's own high-water mark misses no moment, but knows one process each
        marks = max((_kibibytes(pid, "VmHWM:") for pid in tree), default=0) << 10
        peaks[0] = max(peaks[0], now, marks)


def _below(parent: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            children = [int(pid) for pid in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            # it ended between being listed and being read
            continue
        for child in children:
            found += [child, *_below(child)]
    return found


def _kibibytes(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
