"""The child speaks only frames, keeps its limits, and ends when the pipe does."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deid.engine import wire
from deid.engine.limits import Limits, allowance
from deid.engine.walls import Walls
from tests.deid.engine.headers import ultrasound, written

ROOT = Path(__file__).resolve().parents[3]
STILL = written(ultrasound())


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "deid.engine.child", f"--own={Limits().own}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=ROOT,
    ) as process:
        assert process.stdout is not None
        frame = wire.read(process.stdout)
        assert frame is not None
        assert wire.walls_from_json(frame.header["ready"]) == Walls(files=False, network=False)
        yield process
        process.kill()


def asked(child: subprocess.Popen[bytes], header: dict[str, object], *blobs: bytes) -> wire.Frame | None:
    assert child.stdin is not None
    assert child.stdout is not None
    wire.write(child.stdin, header, blobs)
    return wire.read(child.stdout)


def test_it_answers_and_ends_with_the_pipe(child: subprocess.Popen[bytes]) -> None:
    frame = asked(child, {"kind": "peek", "seconds": 10}, STILL)
    assert frame is not None
    assert wire.peek_from_json(frame.header["peek"]).patient_id == "MRN0048213"
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(10) == 0


def test_a_refusal_is_an_answer(child: subprocess.Popen[bytes]) -> None:
    frame = asked(child, {"kind": "peek", "seconds": 10}, b"text")
    assert frame is not None
    assert frame.header == {"rejected": "not_dicom"}


@pytest.mark.parametrize(
    "header",
    [{"kind": "anything", "seconds": 1}, {"kind": "peek"}, {"kind": "deidentify", "seconds": 5, "brand": None}],
)
def test_a_false_request_ends_it_without_a_word(child: subprocess.Popen[bytes], header: dict[str, object]) -> None:
    assert asked(child, header, STILL, b"secret") is None
    assert child.stderr is not None
    assert child.stderr.read() == b""
    assert child.wait(10) != 0


def test_each_request_may_allocate_its_share(child: subprocess.Popen[bytes]) -> None:
    asked(child, {"kind": "peek", "seconds": 10}, STILL)
    shown = subprocess.run(
        ["prlimit", f"--pid={child.pid}", "--data", "--noheadings", "--output=SOFT"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(shown.stdout) == allowance(Limits().own, request=len(STILL))


def test_arguments_are_required() -> None:
    done = subprocess.run([sys.executable, "-m", "deid.engine.child"], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 2
