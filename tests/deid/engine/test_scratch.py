"""A child's folder is private, and goes even when its owner died without a word."""

import fcntl
import os
import stat
import time
from pathlib import Path

import pytest

from deid.engine import scratch
from deid.engine.scratch import Scratch


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(scratch, "_base", lambda: tmp_path)
    return tmp_path


def abandoned(base: Path, *, age: float) -> Path:
    path = base / "engine-scratch-abandoned"
    path.mkdir(mode=0o700)
    (path / "picture").write_bytes(b"x")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_the_folder_is_private_and_goes(base: Path) -> None:
    folder = Scratch()
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    (folder.path / "deep").mkdir()
    (folder.path / "deep" / "picture").write_bytes(b"x")
    folder.remove()
    folder.remove()
    assert not list(base.iterdir())


def test_an_abandoned_folder_is_cleared(base: Path) -> None:
    old = abandoned(base, age=3_600)
    Scratch().remove()
    assert not old.exists()


def test_a_young_folder_is_left(base: Path) -> None:
    young = abandoned(base, age=5)
    Scratch().remove()
    assert young.exists()


def test_a_folder_in_use_is_left(base: Path) -> None:
    old = abandoned(base, age=3_600)
    handle = os.open(old, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    Scratch().remove()
    assert old.exists()
    os.close(handle)


def test_what_is_no_folder_is_left(base: Path) -> None:
    target = base / "target"
    target.mkdir()
    (base / "engine-scratch-link").symlink_to(target)
    (base / "engine-scratch-file").write_bytes(b"")
    Scratch().remove()
    assert {path.name for path in base.iterdir()} == {"target", "engine-scratch-link", "engine-scratch-file"}


def test_disowning_leaves_the_folder() -> None:
    folder = Scratch()
    folder.disown()
    assert folder.path.exists()
    folder.remove()


def test_the_base_is_in_memory_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert scratch._base() in (Path("/dev/shm"), Path("/tmp"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert scratch._base() != Path("/dev/shm")
