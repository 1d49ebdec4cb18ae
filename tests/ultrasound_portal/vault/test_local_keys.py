"""Key files are kept private, rotated without a moment in which one is missing, and destroyed for good."""

import os
import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from ultrasound_portal import env
from ultrasound_portal.vault import local_keys
from ultrasound_portal.vault.errors import KeyUnavailable, NotRotatable, Tampered
from ultrasound_portal.vault.local_keys import LocalKeys
from ultrasound_portal.vault.wrapping import Bare, Wrapped

KEYS = LocalKeys()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    local_keys.prepare("kek", "index")
    return tmp_path / "keys"


def test_a_rotation_broken_off_before_the_new_key_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = KEYS.current()

    def broken(path: Path, content: bytes) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(env, "replace_secret", broken)
    with pytest.raises(OSError, match="no space"):
        KEYS.rotate()
    assert KEYS.current() == before
    assert KEYS.ids() == {before.id}
    monkeypatch.undo()
    fresh = KEYS.rotate()
    assert KEYS.ids() == {before.id, fresh}


def test_old_keys_are_private_named_by_their_id_and_others_are_not_believed(folder: Path) -> None:
    former = KEYS.current_id()
    fresh = KEYS.rotate()
    assert {path.name for path in folder.iterdir()} == {"kek.key", "index.key", f"kek-{former}.key"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    (folder / f"kek-{'0' * 16}.key").write_bytes(os.urandom(32))
    assert KEYS.ids() == {former, fresh}


def test_a_retired_key_is_gone_and_the_current_one_cannot_be(folder: Path) -> None:
    former = KEYS.current_id()
    [(kek_id, wrapped)] = KEYS.wrap_all([Bare(bytes(32), b"context")])
    KEYS.rotate()
    assert KEYS.unwrap_all([Wrapped(kek_id, wrapped, b"context")]) == [bytes(32)]
    KEYS.retire(former)
    assert not (folder / f"kek-{former}.key").exists()
    with pytest.raises(KeyUnavailable):
        KEYS.unwrap_all([Wrapped(kek_id, wrapped, b"context")])
    with pytest.raises(NotRotatable):
        KEYS.retire(KEYS.current_id())


def test_what_is_bound_to_one_thing_does_not_open_for_another() -> None:
    [(kek_id, wrapped)] = KEYS.wrap_all([Bare(bytes(32), b"one")])
    with pytest.raises(Tampered):
        KEYS.unwrap_all([Wrapped(kek_id, wrapped, b"two")])


@pytest.mark.parametrize(("kek_id", "local"), [("0123456789abcdef", True), ("transit:01234567:v1", False)])
def test_ids_tell_whose_they_are(kek_id: str, local: bool) -> None:
    assert local_keys.is_local(kek_id) is local
