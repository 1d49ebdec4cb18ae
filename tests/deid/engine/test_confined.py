"""The child that opens files stands inside limits and walls before it reads its first byte."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deid.engine import wire
from deid.engine.limits import Limits

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "deid.engine.confined", *Limits().arguments(parent=os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
    ) as process:
        yield process
        process.kill()


def test_it_becomes_the_child_and_its_limits_stand(child: subprocess.Popen[bytes]) -> None:
    assert child.stdout is not None
    frame = wire.read(child.stdout)
    assert frame is not None
    wire.walls_from_json(frame.header["ready"])
    shown = subprocess.run(
        ["prlimit", f"--pid={child.pid}", "--as", "--noheadings", "--output=HARD"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(shown.stdout) == Limits().memory
    status = Path(f"/proc/{child.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status


def test_limits_are_required() -> None:
    done = subprocess.run([sys.executable, "-m", "deid.engine.confined"], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 2
