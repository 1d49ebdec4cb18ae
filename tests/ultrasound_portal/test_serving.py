"""The portal starts as a whole, refuses in one sentence what cannot work, and stops in time."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers import free_port
from ultrasound_portal import serving

ROOT = Path(__file__).parents[2]


def environment(data: Path, port: int, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "HOME"}}
    return {**kept, "PORTAL_DATA": str(data), "PORTAL_PORT": str(port), "PORTAL_WORKERS": "1", **variables}


def refused(data: Path, port: int, *arguments: str, **variables: str) -> str:
    """Start a portal that must refuse, and return its one sentence."""
    done = subprocess.run(
        [sys.executable, "-m", "ultrasound_portal.serving", *arguments],
        cwd=ROOT,
        env=environment(data, port, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@contextmanager
def portal(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "ultrasound_portal.serving", "--empty"],
        cwd=ROOT,
        env=environment(data, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=15)


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert "PORTAL_PORT" in refused(tmp_path, port, "--empty")
    assert not (tmp_path / "portal.sqlite3").exists()


def test_a_folder_that_cannot_be_written() -> None:
    assert "PORTAL_DATA" in refused(Path("/proc/portal"), free_port(), "--empty")


def test_a_folder_that_another_portal_has(tmp_path: Path) -> None:
    with (tmp_path / "serving.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "already runs" in refused(tmp_path, free_port(), "--empty")


def test_a_missing_text_reader(tmp_path: Path) -> None:
    assert "Tesseract" in refused(tmp_path, free_port(), "--empty", PATH=str(tmp_path))


def test_the_demo_on_a_network(tmp_path: Path) -> None:
    assert "--empty" in refused(tmp_path, free_port(), PORTAL_BIND="0.0.0.0")


def test_an_odd_variable(tmp_path: Path) -> None:
    assert "PORTAL_PORT" in refused(tmp_path, 0, "--empty")


def test_the_whole_portal_runs_and_stops(tmp_path: Path) -> None:
    port = free_port()
    with portal(tmp_path, port) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        assert status(port, "/health/live") == 200
        assert status(port, "/sign-in/") == 200
        deadline = time.monotonic() + 60
        while status(port, "/health/ready") != 200:
            assert time.monotonic() < deadline, "no heartbeat of the worker"
            time.sleep(0.5)
        assert oct(tmp_path.stat().st_mode & 0o777) == "0o700"
        assert oct((tmp_path / "portal.sqlite3").stat().st_mode & 0o777) == "0o600"
        assert json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
        before = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=15)
        assert time.monotonic() - before < 10
        assert process.returncode == 0
        assert "Stopping the portal" in said
        assert "superuser" not in said
    with pytest.raises(urllib.error.URLError):
        status(port, "/health/live")


def test_the_parts_listen_where_they_are_told(settings, tmp_path: Path) -> None:
    settings.PORTAL_BIND, settings.PORTAL_PORT, settings.PORTAL_DATA = "::1", 8123, tmp_path
    web, first, second, clock = serving.parts()
    assert web.command[-1] == "[::1]:8123"
    assert (first.name, second.name) == ("worker 1", "worker 2")
    assert {one.command[one.command.index("--pool") + 1] for one in (first, second)} == {"solo"}
    assert clock.command[-1] == str(tmp_path / "clock")
    assert serving.address() == "http://[::1]:8123"
    assert not serving.answers()
