"""Keys are copied to a place apart, private, and never put over others."""

import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from ultrasound_portal.backups import key_copies
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.vault import keyring


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path / "data"
    keyring.prepare()
    return tmp_path / "data"


def test_they_go_and_come_back(settings: Settings, tmp_path: Path) -> None:
    assert key_copies.copy_out(tmp_path / "safe") == ["index.key", "kek.key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "safe").iterdir()} == {0o600}
    current = keyring.current_id()
    settings.PORTAL_DATA = tmp_path / "fresh"
    assert key_copies.copy_back(tmp_path / "safe") == ["index.key", "kek.key"]
    assert keyring.current_id() == current
    assert key_copies.copy_back(tmp_path / "safe") == ["index.key", "kek.key"]


def test_they_are_never_put_over_others(settings: Settings, tmp_path: Path) -> None:
    key_copies.copy_out(tmp_path / "safe")
    settings.PORTAL_DATA = tmp_path / "fresh"
    keyring.prepare()
    with pytest.raises(BackupRefused, match="already"):
        key_copies.copy_back(tmp_path / "safe")
    with pytest.raises(BackupRefused, match="no keys"):
        key_copies.copy_back(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("backup", "keys"),
    [("b", "b"), ("b", "b/keys"), ("k/b", "k"), ("b", "data/k"), ("data", "k"), ("data/b", "k")],
)
def test_two_places_are_two_places(tmp_path: Path, backup: str, keys: str) -> None:
    with pytest.raises(BackupRefused, match="apart"):
        key_copies.check_apart(tmp_path / backup, tmp_path / keys)


def test_apart_is_apart(tmp_path: Path) -> None:
    key_copies.check_apart(tmp_path / "b", tmp_path / "k")
