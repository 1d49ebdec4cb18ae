"""The command says where the backup lies and what it lacks."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from ultrasound_portal.vault import keyring


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path / "data"
    keyring.prepare()


def backup(*arguments: str) -> str:
    out = io.StringIO()
    call_command("backup", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_it_tells(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    target = str(tmp_path / "backup")
    assert "keys were not copied" in backup(target)
    told = backup(target, "--keys", str(tmp_path / "safe"), "--keep", "1")
    assert "trail to entry 2, 0 objects" in told
    assert "1 older backups were dropped" in told
    for name in ("kek", "index"):
        monkeypatch.setenv(f"PORTAL_{name.upper()}_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    settings.PORTAL_DATA = tmp_path / "other"
    (tmp_path / "other").mkdir()
    assert "kept elsewhere" in backup(target, "--keys", str(tmp_path / "empty"))


def test_senseless_wishes_are_sentences(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least one"):
        backup(str(tmp_path / "b"), "--keep", "0")
    with pytest.raises(CommandError, match="apart"):
        backup(str(tmp_path / "b"), "--keys", str(tmp_path / "b"))
