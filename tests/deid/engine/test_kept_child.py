"""A child that hangs, bloats or never wakes is ended with all that it started, and its folder goes with it."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from deid.engine import kept_child
from deid.engine.errors import CageBroken, HoldReason
from deid.engine.kept_child import KeptChild
from deid.engine.limits import Limits
from tests.deid.engine.stand_ins import answering, gone

Make = Callable[[Sequence[str]], KeptChild]


@pytest.fixture
def make() -> Iterator[Make]:
    """Return a maker of children that are ended at the end."""
    made: list[KeptChild] = []

    def one(command: Sequence[str]) -> KeptChild:
        made.append(KeptChild(command, Limits()))
        return made[-1]

    yield one
    for child in made:
        child.end()


def fault(child: KeptChild, *, timeout: float = 20.0, blob: bytes = b"") -> HoldReason:
    with pytest.raises(CageBroken) as broken:
        child.ask({}, [blob], timeout, None)
    return broken.value.reason


def test_it_answers_as_often_as_it_is_asked(make: Make) -> None:
    child = make(answering("wire.write(sink, {'heard': len(frame.blobs[0])})"))
    child.greet()
    assert [child.ask({}, [bytes(size)], 20.0, None).header for size in (3, 0, 70_000)] == [
        {"heard": 3},
        {"heard": 0},
        {"heard": 70_000},
    ]
    assert child.served == 3
    assert child.alive()


def test_a_hang_is_ended_with_all_that_it_started(make: Make, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    child = make(
        answering(
            "import subprocess\n"
            f"open({str(note)!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid))\n"
            "time.sleep(60)"
        )
    )
    child.greet()
    start = time.monotonic()
    assert fault(child, timeout=2.0) is HoldReason.TIMED_OUT
    assert time.monotonic() - start < 10
    assert gone(int(note.read_text()))


def test_a_child_that_never_reads_is_ended(make: Make) -> None:
    child = make([sys.executable, "-c", answering("pass")[2].split("while")[0] + "time.sleep(60)"])
    child.greet()
    assert fault(child, timeout=1.0, blob=bytes(8 << 20)) is HoldReason.TIMED_OUT


def test_a_child_that_is_never_ready_is_ended(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_child, "START_SECONDS", 0.5)
    with pytest.raises(CageBroken) as broken:
        make([sys.executable, "-c", "import time; time.sleep(60)"]).greet()
    assert broken.value.reason is HoldReason.TIMED_OUT


def test_a_child_that_does_not_start_is_a_crash(make: Make) -> None:
    with pytest.raises(CageBroken) as broken:
        make([sys.executable, "-c", "raise SystemExit(1)"]).greet()
    assert broken.value.reason is HoldReason.CRASHED


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("from deid.engine.limits import allow_cpu\nallow_cpu(1)\nwhile True: pass", HoldReason.TIMED_OUT),
        (
            "from deid.engine.limits import *\napply(Limits(), parent=os.getppid())\nbytearray(4 << 30)",
            HoldReason.CRASHED,
        ),
    ],
    ids=["processor", "memory"],
)
def test_who_takes_too_much_is_ended(make: Make, code: str, reason: HoldReason) -> None:
    child = make(answering(code))
    child.greet()
    assert fault(child) is reason
    assert not child.alive()


def test_the_folder_goes_after_a_crash(make: Make, tmp_path: Path) -> None:
    note = tmp_path / "where"
    child = make(
        answering(
            f"open('picture', 'wb').write(b'x'); open({str(note)!r}, 'w').write(os.environ['TMPDIR']); os.abort()"
        )
    )
    child.greet()
    assert fault(child) is HoldReason.CRASHED
    assert (Path(note.read_text()) / "picture").exists()
    child.end()
    assert not Path(note.read_text()).exists()


def test_it_sees_no_secret_of_the_environment(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    child = make(answering("wire.write(sink, {'told': 'DATABASE_URL' in os.environ})"))
    child.greet()
    assert child.ask({}, [], 20.0, None).header == {"told": False}
