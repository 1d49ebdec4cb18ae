"""How many stills a second the command line cleans with one child and with several, from a folder to a folder."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.inputs import Input

_ROOT = Path(__file__).resolve().parents[1]


def stills_a_second(inputs: Sequence[Input], *, jobs: int) -> float:
    """Return the rate of `python -m deid.engine --jobs`, without the time that it needs for an input of no bytes."""
    with tempfile.TemporaryDirectory() as folder:
        source, nothing = Path(folder, "in"), Path(folder, "nothing")
        source.mkdir()
        nothing.write_bytes(b"")
        for number, one in enumerate(inputs):
            (source / f"{number}.dcm").write_bytes(one.data)
        start = _seconds(nothing, Path(folder, "first"), jobs)
        return len(inputs) / max(_seconds(source, Path(folder, "second"), jobs) - start, 1e-9)


def _seconds(source: Path, out: Path, jobs: int) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "deid.engine", str(source), "--out", str(out), "--jobs", str(jobs)],
        cwd=_ROOT,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - begun
