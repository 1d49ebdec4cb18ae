"""Files are whole on the disk or not there at all."""

import errno
import os
from pathlib import Path

import pytest

from deid.engine import durable


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "one"

    durable.write(path, b"picture", mode=0o600)

    assert path.read_bytes() == b"picture"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        durable.write(path, b"another")
    assert path.read_bytes() == b"picture"


def test_the_umask_decides_who_reads_a_result(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        durable.write(tmp_path / "one", b"")
    finally:
        os.umask(before)
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o640


def test_a_place_of_an_open_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.write_bytes(b"abcdef")
    with path.open("r+b") as stream:
        durable.write_at(stream.fileno(), b"XY", 2)
    assert path.read_bytes() == b"abXYef"


def test_a_replaced_file_is_the_new_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "report"
    for data in (b"first", b"second"):
        durable.replace(path, data)
    assert path.read_bytes() == b"second"
    assert [left.name for left in tmp_path.iterdir()] == ["report"]


def test_a_failed_replacement_leaves_what_stood_there(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "inside").touch()
    with pytest.raises(OSError, match="Is a directory"):
        durable.replace(folder, b"report")
    assert [left.name for left in tmp_path.iterdir()] == ["a folder"]


@pytest.mark.parametrize(("number", "raised"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_only_a_file_system_that_cannot_flush_folders_is_forgiven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, raised: bool
) -> None:
    def fault(_: int) -> None:
        raise OSError(number, "as the system says")

    monkeypatch.setattr(os, "fsync", fault)
    if raised:
        with pytest.raises(OSError, match="as the system says"):
            durable.flush(tmp_path)
    else:
        durable.flush(tmp_path)
