"""Keys that do not fit stop a restore before anything is written; the whole way is walked in the drill of `restore`."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from ultrasound_portal.backups import databases, loading
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.loading import load
from ultrasound_portal.backups.making import make
from ultrasound_portal.vault import keyring, stores
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path / "data"
    keyring.prepare()


@pytest.mark.django_db(transaction=True)
def test_a_full_database_and_keys_that_do_not_fit_are_refused(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(tmp_path / "backup", keys=None, keep=1)
    with pytest.raises(BackupRefused, match="not empty"):
        load(made.folder, keys=None, destroyed=[])
    monkeypatch.setattr(databases, "check_empty", lambda: None)
    settings.PORTAL_DATA = tmp_path / "fresh"
    with pytest.raises(BackupRefused, match="do not open"):
        load(made.folder, keys=None, destroyed=[])
    keyring.prepare()
    with pytest.raises(BackupRefused, match="do not open"):
        load(made.folder, keys=None, destroyed=[])
    settings.PORTAL_DATA = tmp_path / "data"
    loading._check_keys(made.manifest)
    with pytest.raises(BackupRefused):
        loading._check_keys(replace(made.manifest, wrapping_keys=("0" * 16,)))


@pytest.mark.django_db
def test_an_object_that_does_not_open_is_named(tmp_path: Path) -> None:
    row = seal(b"x", kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    assert loading._open_some() == 1
    path = stores.files().path_of(row.store_key)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(BackupRefused, match=str(row.pk)):
        loading._open_some()
