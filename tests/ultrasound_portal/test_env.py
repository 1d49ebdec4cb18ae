"""Odd values are refused by the variable's name; the value itself is never repeated."""

import stat
from collections.abc import Callable
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from ultrasound_portal import env


def test_text_is_trimmed_and_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", " value ")
    assert env.text("THING") == "value"
    monkeypatch.setenv("THING", "  ")
    assert env.text("THING", "else") == "else"
    with pytest.raises(ImproperlyConfigured, match="THING is not set"):
        env.text("THING")


def test_a_secret_comes_from_the_variable_or_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("THING", raising=False)
    assert env.secret("THING", "none") == "none"
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    monkeypatch.setenv("THING_FILE", str(file))
    assert env.secret("THING") == "from the file"
    monkeypatch.setenv("THING", "from the variable")
    with pytest.raises(ImproperlyConfigured, match="both set"):
        env.secret("THING")


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_an_unreadable_secret_file_is_refused_without_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "private-name"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("THING_FILE", str(file))
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.secret("THING")
    assert "private-name" not in str(refusal.value)


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("YES", True), ("off", False), ("0", False), ("", True)])
def test_flags(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("THING", value)
    assert env.flag("THING", True) is meant


@pytest.mark.parametrize(
    ("read", "odd"),
    [
        (lambda: env.flag("THING", False), "perhaps"),
        (lambda: env.number("THING", 5, 1, 10), "11"),
        (lambda: env.number("THING", 5, 1, 10), "-1"),
        (lambda: env.number("THING", 5, 1, 10), "²"),
        (lambda: env.number("THING", 5, 1, 10), "5.0"),
        (lambda: env.choice("THING", "a", frozenset("ab")), "c"),
    ],
)
def test_odd_values_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, read: Callable[[], object], odd: str) -> None:
    monkeypatch.setenv("THING", odd)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    assert "THING" in str(refusal.value)
    assert f" {odd}." not in str(refusal.value)


def test_numbers_and_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "10")
    assert env.number("THING", 5, 1, 10) == 10
    monkeypatch.setenv("THING", "b")
    assert env.choice("THING", "a", frozenset("ab")) == "b"
    monkeypatch.delenv("THING")
    assert env.number("THING", 5, 1, 10) == 5
    assert env.choice("THING", "a", frozenset("ab")) == "a"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.7", False),
        ("portal.example.org", False),
    ],
)
def test_loopback(host: str, here: bool) -> None:
    assert env.is_loopback(host) is here


def test_the_data_folder_is_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORTAL_DATA", "here")
    assert env.data_folder() == tmp_path / "here"


def test_a_kept_secret_is_private_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.key"
    env.keep_secret(path, b"first")
    env.keep_secret(path, b"second")
    assert path.read_bytes() == b"first"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["one.key"]


def test_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.networks("PORTAL_TEST") == ()
    monkeypatch.setenv("PORTAL_TEST", "10.0.0.0/8, 192.0.2.7,")
    assert env.networks("PORTAL_TEST") == (ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32"))
    monkeypatch.setenv("PORTAL_TEST", "proxy.example.org")
    with pytest.raises(ImproperlyConfigured, match=r"^PORTAL_TEST"):
        env.networks("PORTAL_TEST")


def test_a_secret_is_replaced_whole_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    env.keep_secret(secret, b"old")
    env.replace_secret(secret, b"new")
    assert (secret.read_bytes(), stat.S_IMODE(secret.stat().st_mode)) == (b"new", 0o600)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(env.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        env.replace_secret(secret, b"newer")
    assert secret.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_destroyed_secret_is_written_over_before_it_goes(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    env.keep_secret(secret, b"S" * 32)
    (tmp_path / "second name").hardlink_to(secret)
    env.destroy_secret(secret)
    assert not secret.exists()
    left = (tmp_path / "second name").read_bytes()
    assert (len(left), b"S" * 8 in left) == (32, False)


def test_the_witness_lies_in_the_data_folder_unless_it_is_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert env.witness_folder(tmp_path) == tmp_path / "witness"
    monkeypatch.setenv("PORTAL_WITNESS", "/mnt/elsewhere")
    assert env.witness_folder(tmp_path) == Path("/mnt/elsewhere")
