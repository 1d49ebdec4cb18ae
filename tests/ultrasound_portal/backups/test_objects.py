"""Objects are copied once, come back whole, and those that were destroyed leave the backup."""

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from ultrasound_portal.backups import objects
from ultrasound_portal.vault import keyring, stores
from ultrasound_portal.vault.file_store import FileStore
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import unseal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path / "data"
    keyring.prepare()


def test_there_and_back(tmp_path: Path) -> None:
    rows = [seal(bytes(size), kind=ObjectKind.ORIGINAL, clinic_id=uuid4()) for size in (0, 5, 3_000_000)]
    target = tmp_path / "backup"
    assert objects.copy_out(target) == 3
    kept = FileStore(target / objects.FOLDER)
    places = {key: kept.path_of(key).stat().st_ino for key in kept.stored_before(1e12)}
    shred(rows[0].pk)
    assert objects.copy_out(target) == 2
    left = {key: kept.path_of(key).stat().st_ino for key in kept.stored_before(1e12)}
    assert left == {key: place for key, place in places.items() if key != rows[0].store_key}
    for row in rows[1:]:
        stores.delete(row.store_key)
    assert objects.copy_back(target) == 0
    assert [unseal(row.pk) for row in rows[1:]] == [bytes(5), bytes(3_000_000)]
    assert objects.copy_back(target) == 0


def test_what_the_backup_has_not_is_counted(tmp_path: Path) -> None:
    row = seal(b"x", kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    stores.delete(row.store_key)
    assert objects.copy_out(tmp_path / "backup") == 0
    assert objects.copy_back(tmp_path / "backup") == 1


def test_an_object_that_ends_early_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(b"x" * 100, kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    monkeypatch.setattr(FileStore, "size", lambda store, key: 5000 if "data" in str(store.root) else 0)
    with pytest.raises(OSError, match="early"):
        objects.copy_out(tmp_path / "backup")
    assert list(FileStore(tmp_path / "backup" / objects.FOLDER).stored_before(1e12)) == []
