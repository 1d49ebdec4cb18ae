"""A sealed file is there whole or not at all, private, and under a name that says nothing."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from ultrasound_portal.vault import stores
from ultrasound_portal.vault.errors import Missing


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "store"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_written_is_read_by_range(folder: Path) -> None:
    key = uuid4().hex
    stores.write(key, [b"abc", b"", b"defgh"])
    read_at = stores.reader(key)
    assert read_at(0, 100) == b"abcdefgh"
    assert read_at(2, 3) == b"cde"
    assert stores.size(key) == 8
    assert files(folder) == [folder / key[:2] / key[2:4] / key]


def test_files_and_folders_are_private(folder: Path) -> None:
    stores.write(uuid4().hex, [b"x"])
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")] if path.is_dir()} == {0o700}


def test_a_broken_write_leaves_nothing(folder: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        stores.write(uuid4().hex, pieces())
    assert files(folder) == []


def test_an_existing_draft_is_not_written_over(folder: Path) -> None:
    key = uuid4().hex
    (folder / "drafts").mkdir(parents=True)
    (folder / "drafts" / key).write_bytes(b"somebody's")
    with pytest.raises(FileExistsError):
        stores.write(key, [b"mine"])
    stores.discard_draft(key)
    stores.write(key, [b"mine"])
    assert stores.reader(key)(0, 9) == b"mine"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 32, "ab", f"{'a' * 31}/"])
def test_only_its_own_names_are_paths(name: str) -> None:
    with pytest.raises(Missing):
        stores.path_of(name)


def test_a_gone_file_is_missing_and_deleting_twice_is_harmless() -> None:
    key = uuid4().hex
    stores.write(key, [b"x"])
    read_at = stores.reader(key)
    stores.delete(key)
    stores.delete(key)
    with pytest.raises(Missing):
        read_at(0, 1)
    with pytest.raises(Missing):
        stores.size(key)


def test_old_files_are_listed() -> None:
    assert list(stores.stored_before(1e12)) == []
    old, young = uuid4().hex, uuid4().hex
    for key in (old, young):
        stores.write(key, [b"x"])
    os.utime(stores.path_of(old), (1000, 1000))
    assert list(stores.stored_before(2000)) == [old]


def test_a_disk_that_is_almost_full_takes_no_more_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "RESERVE", 1 << 62)
    assert not stores.has_room()
    with pytest.raises(OSError, match="No space left"):
        stores.write(uuid4().hex, [b"sealed"])
    assert files(folder) == []
