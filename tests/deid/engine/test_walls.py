"""A walled process reaches neither the network nor a file that it was not shown, whatever it tries."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SURROUND = """
import ctypes, json, os, socket, subprocess, sys, threading
from deid.engine import walls
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
walls.surround(scratch=os.getcwd(), readable=sys.argv[1:])
"""


def walled(folder: Path, code: str, *readable: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a process that keeps `folder` and what is readable only."""
    return subprocess.run(
        [sys.executable, "-c", SURROUND + code, *map(str, readable)],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Return the walled process's folder, inside walls that this machine can put up."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    told = walled(folder, "print(json.dumps(walls.standing().files and walls.standing().network))")
    assert told.returncode == 0, told.stderr
    if not json.loads(told.stdout):
        pytest.skip("this kernel, or the container's filter, allows neither Landlock nor seccomp")
    return folder


@pytest.mark.parametrize(
    "reach",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "open('/etc/passwd')",
        "os.listdir('/')",
        "os.listdir('/tmp')",
        "open('/proc/1/environ')",
        "open(f'/proc/{os.getppid()}/environ')",
        "open(f'/proc/{os.getppid()}/mem', 'rb')",
        "open(sys.argv[0] + '/../key')",
        "open('../key')",
        "open('../new', 'w')",
        "open('/dev/shm/new', 'w')",
        "open(os.__file__, 'a')",
        "os.rename('../key', 'key')",
        "os.link('../key', 'key')",
        "os.kill(os.getppid(), 0)",
        "subprocess.run(['cat', '../key'], check=True, stderr=subprocess.DEVNULL)",
    ],
)
def test_nothing_outside_is_reached(scratch: Path, reach: str) -> None:
    (scratch.parent / "key").write_text("secret")
    done = walled(scratch, f"try:\n    {reach}\nexcept (OSError, subprocess.CalledProcessError):\n    print('refused')")
    assert done.stdout == "refused\n", done.stderr


def test_a_link_inside_leads_nowhere(scratch: Path) -> None:
    (scratch.parent / "key").write_text("secret")
    (scratch / "link").symlink_to("../key")
    assert "PermissionError" in walled(scratch, "open('link')").stderr


def test_a_later_thread_and_a_program_are_inside_too(scratch: Path) -> None:
    code = """
seen = []
def look():
    try:
        os.listdir("/")
    except PermissionError:
        seen.append("refused")
thread = threading.Thread(target=look)
thread.start()
thread.join()
print(seen)
"""
    assert walled(scratch, code).stdout == "['refused']\n"


def test_its_own_folder_the_system_and_what_is_shown_are_there(scratch: Path) -> None:
    shown = scratch.parent / "shown"
    shown.mkdir()
    (shown / "word").write_text("fine")
    code = """
with open("mine", "w") as mine:
    mine.write("x")
os.rename("mine", "yours")
os.remove("yours")
subprocess.run(["true"], check=True)
print(open(sys.argv[1] + "/word").read(), len(os.urandom(3)))
"""
    assert walled(scratch, code, shown).stdout == "fine 3\n"


def test_a_process_with_threads_is_not_walled(tmp_path: Path) -> None:
    code = "import threading, time; threading.Thread(target=time.sleep, args=(5,), daemon=True).start()" + SURROUND
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "before the first thread" in done.stderr


def test_without_walls_it_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from deid.engine import walls; print(walls.standing())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "Walls(files=False, network=False)\n"
