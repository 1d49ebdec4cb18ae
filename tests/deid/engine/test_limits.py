"""A confined process cannot get more than it was given, and does not outlive its parent."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deid.engine.limits import Limits, environment

ROOT = str(Path(__file__).resolve().parents[3])
CONFINE = "import os, sys; from deid.engine.limits import *; apply(Limits(), parent=os.getppid()); "


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=False
    )


def test_limits_hold_inside_the_process() -> None:
    code = CONFINE + (
        "import json, resource as r; "
        "print(json.dumps([r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_NOFILE, r.RLIMIT_CORE)]))"
    )
    limits = Limits()
    shown = json.loads(run(code).stdout)
    assert shown == [[n, n] for n in (limits.memory, limits.file_size, limits.open_files, 0)]


def test_no_privileges_can_be_gained() -> None:
    code = CONFINE + "print([l for l in open('/proc/self/status') if l.startswith('NoNewPrivs')][0].split()[1])"
    assert run(code).stdout.strip() == "1"


def test_too_much_memory_is_refused() -> None:
    done = run(CONFINE + "bytearray(4 << 30)")
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_too_large_a_file_ends_the_process(tmp_path: Path) -> None:
    code = CONFINE + f"f = open({str(tmp_path / 'big')!r}, 'wb'); [f.write(bytes(1 << 20)) for _ in range(80)]"
    assert run(code).returncode != 0
    assert (tmp_path / "big").stat().st_size <= Limits().file_size


def test_too_much_processor_time_ends_the_process() -> None:
    done = run(CONFINE + "allow_cpu(1)\nwhile True: pass")
    assert done.returncode == -signal.SIGXCPU


def test_each_request_gets_its_own_processor_time() -> None:
    code = "import time\n" + CONFINE + "\nfor _ in range(3):\n  allow_cpu(2); e = time.process_time() + 0.8\n"
    assert run(code + "  while time.process_time() < e: pass").returncode == 0


def test_each_request_gets_its_own_memory() -> None:
    code = CONFINE + "allow_memory(300 << 20); a = bytearray(200 << 20); del a; allow_memory(100 << 20); b = "
    assert run(code + "bytearray(50 << 20)").returncode == 0
    assert "MemoryError" in run(code + "bytearray(200 << 20)").stderr


def test_an_orphan_does_not_start() -> None:
    done = run("from deid.engine.limits import *; apply(Limits(), parent=1 << 22)")
    assert "ProcessLookupError" in done.stderr


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    inner = CONFINE + f"open({str(note)!r}, 'w').write(str(os.getpid())); import time; time.sleep(60)"
    outer = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {inner!r}]); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", outer], cwd=ROOT) as parent:
        until = time.monotonic() + 20
        while not (note.exists() and note.read_text()) and time.monotonic() < until:
            time.sleep(0.05)
        parent.kill()
    pid = int(note.read_text())
    while _alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(pid)


def test_a_lower_limit_from_outside_stays() -> None:
    outside = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); "
    assert run(outside + CONFINE + "print(__import__('resource').getrlimit(7)[1])").stdout.strip() == "64"
    assert resource.RLIMIT_NOFILE == 7


def test_the_environment_is_scrubbed() -> None:
    outer = {"PATH": "/bin", "DATABASE_URL": "secret", "AWS_SECRET_ACCESS_KEY": "secret", "TESSDATA_PREFIX": "/t"}
    inner = environment(outer, scratch="/scratch", root="/root")
    assert "secret" not in inner.values()
    assert inner["PATH"] == "/bin"
    assert inner["TESSDATA_PREFIX"] == "/t"
    assert inner["TMPDIR"] == inner["HOME"] == "/scratch"


def test_a_child_keeps_to_one_core() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import cv2; print(cv2.getNumThreads())"],
        env=environment(os.environ, scratch="/tmp", root=ROOT),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "1\n"


def test_limits_become_arguments() -> None:
    assert Limits(memory=1, own=5, file_size=2, open_files=3).arguments(parent=4) == [
        "--parent=4",
        "--memory=1",
        "--own=5",
        "--file-size=2",
        "--open-files=3",
    ]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z" and os.path.exists(f"/proc/{pid}")


@pytest.mark.parametrize("field", ["memory", "own", "file_size", "open_files"])
def test_defaults_are_bounded(field: str) -> None:
    assert 0 < getattr(Limits(), field) <= 4 << 30
