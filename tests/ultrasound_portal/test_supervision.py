"""Children are started, started again when they die, and stopped in time, with everything they started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ultrasound_portal import supervision
from ultrasound_portal.supervision import Part, Supervisor, say

SLEEP = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open("child", "w").write(str(child.pid))
time.sleep(60)
"""


def part(code: str) -> Part:
    return Part("the part", [sys.executable, "-c", code])


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    made: list[Supervisor] = []

    def make(*parts: Part) -> Supervisor:
        made.append(Supervisor(parts, environment=os.environ, folder=tmp_path))
        return made[-1]

    yield make
    for supervisor in made:
        supervisor.stop()


def until(condition: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return b"Z" not in Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]


def test_a_part_is_started_once_and_stopped(supervise: Callable[..., Supervisor]) -> None:
    sleeper = part(SLEEP)
    supervisor = supervise(sleeper)
    supervisor.tend()
    assert sleeper.process is not None
    pid = sleeper.process.pid
    supervisor.tend()
    assert sleeper.process.pid == pid
    assert os.getpgid(pid) == pid
    supervisor.stop()
    assert not alive(pid)


def test_a_dead_part_is_started_again_after_a_growing_pause(
    supervise: Callable[..., Supervisor], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    dying = part("raise SystemExit(3)")
    supervisor = supervise(dying)
    for pause in (1, 2, 4, 8, 8):
        supervisor.tend()
        assert dying.process is not None
        dying.process.wait()
        supervisor.tend()
        assert dying.process is None
        assert dying.due == now + pause
        now += pause - 0.1
        supervisor.tend()
        assert dying.process is None
        now += 0.2
    assert "the part ended with status 3 and is started again in 1 s" in capsys.readouterr().err


def test_a_part_that_had_settled_is_started_again_soon(
    supervise: Callable[..., Supervisor], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    dying = part("")
    dying.pause = 8.0
    supervisor = supervise(dying)
    supervisor.tend()
    assert dying.process is not None
    dying.process.wait()
    now += supervision.SETTLED + 1
    supervisor.tend()
    assert dying.due == now + supervision.FIRST_PAUSE


def test_a_stubborn_part_is_killed(
    supervise: Callable[..., Supervisor], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervision, "GRACE", 0.5)
    stubborn = part(STUBBORN)
    supervisor = supervise(stubborn)
    supervisor.tend()
    assert until(lambda: "up" in capfd.readouterr().out)
    assert stubborn.process is not None
    before = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - before < 5
    assert stubborn.process.returncode == -signal.SIGKILL


def test_what_a_part_started_ends_with_it(supervise: Callable[..., Supervisor], tmp_path: Path) -> None:
    supervisor = supervise(part(PARENT))
    supervisor.tend()
    note = tmp_path / "child"
    assert until(lambda: note.exists() and note.read_text())
    supervisor.stop()
    assert until(lambda: not alive(int(note.read_text())))


def test_children_end_with_a_killed_supervisor(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from pathlib import Path
from ultrasound_portal.supervision import Part, Supervisor
part = Part("the part", [sys.executable, "-c", {SLEEP!r}])
Supervisor([part], environment=os.environ, folder=Path({str(tmp_path)!r})).tend()
print(part.process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    assert until(lambda: not alive(child))


def test_sentences_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("Hello.")
    assert capsys.readouterr() == ("", "Hello.\n")
