"""A backup is whole or none, lies apart from its keys, and old ones go."""

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from ultrasound_portal.audit import trail, witness
from ultrasound_portal.backups import manifest
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.making import make, newest
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path / "data"
    keyring.prepare()


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_each_backup_is_whole_and_only_the_newest_stay(tmp_path: Path) -> None:
    seal(b"x", kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    target, safe = tmp_path / "backup", tmp_path / "safe"
    first = make(target, keys=safe, keep=2)
    assert first.keys == ("index.key", "kek.key")
    assert manifest.read(first.folder) == first.manifest
    assert (first.manifest.trail_seq, first.manifest.trail_hash) == trail.head()
    assert witness.last().seq == first.manifest.trail_seq
    assert (first.manifest.objects, first.manifest.wrapping_keys) == (1, (keyring.current_id(),))
    assert not [path for path in target.rglob("*") if "key" in path.name]
    second = make(target, keys=None, keep=2)
    third = make(target, keys=None, keep=2)
    assert (second.dropped, third.dropped, third.keys) == (0, 1, ())
    assert newest(target) == third.folder == newest(third.folder)
    (third.folder / manifest.FILE).unlink()
    assert newest(target) == second.folder


def test_no_backup_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="no whole backup"):
        newest(tmp_path)
