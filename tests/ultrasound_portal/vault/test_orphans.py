"""Files that no living row knows go after a day, and no others."""

import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from ultrasound_portal.vault import keyring, orphans, stores
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal
from ultrasound_portal.vault.unsealing import unseal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    return tmp_path / "store"


def age(path: Path, hours: float) -> None:
    moment = timezone.now().timestamp() - hours * 3600
    os.utime(path, (moment, moment))


def test_only_old_files_without_a_living_row_go(folder: Path) -> None:
    kept = seal(b"kept", kind=ObjectKind.MASTER, clinic_id=uuid4())
    dead = seal(b"dead", kind=ObjectKind.MASTER, clinic_id=uuid4())
    SealedObject.objects.filter(pk=dead.pk).update(wrapped_key=b"", destroyed_at=timezone.now())
    lost, young = uuid4().hex, uuid4().hex
    stores.write(lost, [b"x"])
    stores.write(young, [b"x"])
    draft = folder / "drafts" / uuid4().hex
    draft.write_bytes(b"half")
    for path in (
        stores.files().path_of(kept.store_key),
        stores.files().path_of(dead.store_key),
        stores.files().path_of(lost),
        draft,
    ):
        age(path, 25)
    age(stores.files().path_of(young), 23)
    assert len(orphans.found()) == 2
    assert orphans.collect() == 3
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {kept.store_key, young}
    assert unseal(kept.id) == b"kept"
    assert orphans.collect() == 0
