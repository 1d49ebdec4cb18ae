"""Keys are made once, kept private, and bind what they wrap."""

import os
import stat
from base64 import b64encode
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.errors import KeyUnavailable, NotRotatable, Tampered
from ultrasound_portal.vault.local_keys import LocalKeys

DATA_KEY = bytes(range(32))


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "keys"


def test_prepare_makes_private_keys_once(folder: Path) -> None:
    keyring.prepare()
    made = {file.name: file.read_bytes() for file in folder.iterdir()}
    keyring.prepare()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == made
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert sorted(made) == ["index.key", "kek.key"]
    assert made["index.key"] != made["kek.key"]


def test_a_wrapped_key_opens_again_in_its_context_only(folder: Path) -> None:
    keyring.prepare()
    kek_id, wrapped = keyring.wrap(DATA_KEY, context=b"one")
    assert DATA_KEY not in wrapped
    assert keyring.unwrap(wrapped, kek_id=kek_id, context=b"one") == DATA_KEY
    for damaged, context in ((wrapped, b"two"), (wrapped[:-1], b"one"), (b"", b"one"), (os.urandom(60), b"one")):
        with pytest.raises(Tampered):
            keyring.unwrap(damaged, kek_id=kek_id, context=context)


def test_another_wrapping_key_is_named_as_the_reason(folder: Path) -> None:
    keyring.prepare()
    kek_id, wrapped = keyring.wrap(DATA_KEY, context=b"one")
    (folder / "kek.key").write_bytes(os.urandom(32))
    with pytest.raises(KeyUnavailable, match="another key"):
        keyring.unwrap(wrapped, kek_id=kek_id, context=b"one")


@pytest.mark.parametrize("content", [None, b"short"])
def test_a_missing_or_damaged_key_says_what_to_do(folder: Path, content: bytes | None) -> None:
    folder.mkdir()
    if content is not None:
        (folder / "kek.key").write_bytes(content)
    with pytest.raises(KeyUnavailable, match="backup"):
        keyring.current_id()


def test_keys_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_KEK_KEY", b64encode(bytes(32)).decode())
    monkeypatch.setenv("PORTAL_INDEX_KEY", b64encode(bytes(32)).decode())
    keyring.prepare()
    assert not folder.exists()
    assert LocalKeys().current().key == bytes(32)
    assert len(keyring.derived_key("anything")) == 32


@pytest.mark.parametrize("odd", ["short", b64encode(b"31 bytes are not enough........").decode(), "%%%"])
def test_an_odd_key_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    monkeypatch.setenv("PORTAL_KEK_KEY", odd)
    with pytest.raises(ImproperlyConfigured) as refusal:
        keyring.current_id()
    assert odd not in str(refusal.value)


def test_match_values_are_keyed_scoped_and_stable(folder: Path) -> None:
    keyring.prepare()
    value = keyring.match_value("Testwoman^Anna", scope="one")
    assert value == keyring.match_value("Testwoman^Anna", scope="one")
    assert value != keyring.match_value("Testwoman^Anna", scope="two")
    assert value != keyring.match_value("Testwoman^Anne", scope="one")
    (folder / "index.key").write_bytes(os.urandom(32))
    assert value != keyring.match_value("Testwoman^Anna", scope="one")


def test_derived_keys_differ_by_scope_and_keys_are_not_shown(folder: Path) -> None:
    keyring.prepare()
    assert keyring.derived_key("one") == keyring.derived_key("one") != keyring.derived_key("two")
    assert repr(LocalKeys().current().key) not in repr(LocalKeys().current())


@pytest.mark.parametrize("lost", ["kek.key", "index.key"])
def test_half_of_the_keys_is_never_completed_with_a_fresh_one(folder: Path, lost: str) -> None:
    keyring.prepare()
    (folder / lost).unlink()
    with pytest.raises(KeyUnavailable, match="backup"):
        keyring.prepare()
    assert not (folder / lost).exists()


def test_what_was_wrapped_before_a_rotation_opens_after_it(folder: Path) -> None:
    keyring.prepare()
    kek_id, wrapped = keyring.wrap(DATA_KEY, context=b"one")
    fresh = keyring.rotate()
    assert fresh != kek_id
    assert keyring.current_id() == fresh
    assert keyring.present_ids() == {fresh, kek_id}
    assert keyring.unwrap(wrapped, kek_id=kek_id, context=b"one") == DATA_KEY
    assert keyring.wrap(DATA_KEY, context=b"one")[0] == fresh
    keyring.retire(kek_id)
    with pytest.raises(KeyUnavailable):
        keyring.unwrap(wrapped, kek_id=kek_id, context=b"one")


@pytest.mark.parametrize("kek_id", ["transit:01234567:v1", "something else"])
def test_a_key_of_a_kind_that_nobody_keeps_is_unavailable(folder: Path, kek_id: str) -> None:
    keyring.prepare()
    with pytest.raises(KeyUnavailable):
        keyring.unwrap(b"x", kek_id=kek_id, context=b"one")


def test_the_index_key_has_a_name_that_changes_with_it(folder: Path) -> None:
    keyring.prepare()
    name = keyring.index_key_id()
    assert name == keyring.index_key_id()
    assert len(name) == 32
    (folder / "index.key").write_bytes(os.urandom(32))
    assert keyring.index_key_id() != name


def test_no_key_that_is_away_hides_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.prepare()
    here = keyring.present_ids()
    monkeypatch.setenv("PORTAL_TRANSIT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PORTAL_TRANSIT_TOKEN", "t")
    assert keyring.present_ids() == here


def test_keys_of_the_environment_are_rotated_outside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_KEK_KEY", b64encode(bytes(32)).decode())
    former, wrapped = keyring.wrap(DATA_KEY, context=b"one")
    with pytest.raises(NotRotatable, match="PORTAL_OLD_KEK_KEYS"):
        keyring.rotate()
    fresh = keyring.fresh_key()
    monkeypatch.setenv("PORTAL_KEK_KEY", b64encode(fresh).decode())
    monkeypatch.setenv("PORTAL_OLD_KEK_KEYS", b64encode(bytes(32)).decode())
    assert keyring.unwrap(wrapped, kek_id=former, context=b"one") == DATA_KEY
    with pytest.raises(NotRotatable):
        keyring.retire(former)
