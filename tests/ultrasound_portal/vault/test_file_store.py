"""A sealed file is there whole or not at all, private, and under a name that says nothing."""

import os
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from ultrasound_portal.vault import file_store
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.file_store import FileStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> FileStore:
    return FileStore(folder)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_written_is_read_by_range(store: FileStore, folder: Path) -> None:
    key = uuid4().hex
    store.write(key, [b"abc", b"", b"defgh"])
    read_at = store.reader(key)
    assert read_at(0, 100) == b"abcdefgh"
    assert read_at(2, 3) == b"cde"
    assert store.size(key) == 8
    assert files(folder) == [folder / key[:2] / key[2:4] / key]


def test_files_and_folders_are_private(store: FileStore, folder: Path) -> None:
    store.write(uuid4().hex, [b"x"])
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob("*")] if path.is_dir()} == {0o700}


def test_an_existing_draft_is_not_written_over(store: FileStore, folder: Path) -> None:
    key = uuid4().hex
    (folder / "drafts").mkdir(parents=True)
    (folder / "drafts" / key).write_bytes(b"somebody's")
    with pytest.raises(FileExistsError):
        store.write(key, [b"mine"])
    store.discard_draft(key)
    store.write(key, [b"mine"])
    assert store.reader(key)(0, 9) == b"mine"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 32, "ab", f"{'a' * 31}/"])
def test_only_its_own_names_are_paths(store: FileStore, name: str) -> None:
    with pytest.raises(Missing):
        store.path_of(name)


def test_old_files_are_listed(store: FileStore) -> None:
    assert list(store.stored_before(1e12)) == []
    old, young = uuid4().hex, uuid4().hex
    for key in (old, young):
        store.write(key, [b"x"])
    os.utime(store.path_of(old), (1000, 1000))
    assert list(store.stored_before(2000)) == [old]


def test_a_disk_that_is_almost_full_takes_no_more_files(
    store: FileStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store, "RESERVE", 1 << 62)
    assert not store.has_room()
    with pytest.raises(OSError, match="No space left"):
        store.write(uuid4().hex, [b"sealed"])
    assert files(folder) == []
