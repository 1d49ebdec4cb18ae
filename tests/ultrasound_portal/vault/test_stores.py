"""The settings name the store; everything that seals and opens works on either."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from tests import servers
from tests.ultrasound_portal.vault.test_store import make_s3
from ultrasound_portal.vault import keyring, orphans, stores
from ultrasound_portal.vault.errors import Missing, Tampered
from ultrasound_portal.vault.file_store import FileStore
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.s3_store import S3Store
from ultrasound_portal.vault.sealing import seal
from ultrasound_portal.vault.unsealing import open_sealed, unseal

DATA = bytes(i % 251 for i in range(300_000))


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "store"


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Store]:
    with servers.s3() as address:
        made = make_s3(address, prefix="")
        monkeypatch.setenv("PORTAL_STORE", "s3")
        monkeypatch.setenv("PORTAL_S3_ENDPOINT", address)
        monkeypatch.setenv("PORTAL_S3_BUCKET", made._bucket.name)
        monkeypatch.setenv("PORTAL_S3_ACCESS_KEY", "key")
        monkeypatch.setenv("PORTAL_S3_SECRET_KEY", "secret")
        yield made


def test_files_are_the_choice_where_nothing_is_said(folder: Path) -> None:
    assert stores.chosen() == FileStore(folder) == stores.files()
    key = uuid4().hex
    stores.write(key, [b"x"])
    assert (stores.size(key), stores.reader(key)(0, 9)) == (1, b"x")
    assert list(stores.stored_before(1e12)) == [key]
    assert list(stores.drafts_before(1e12)) == []
    stores.discard_draft(key)
    stores.delete(key)
    with pytest.raises(Missing):
        stores.size(key)
    assert stores.has_room()


def test_an_unknown_store_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_STORE", "tape")
    with pytest.raises(ImproperlyConfigured, match="PORTAL_STORE"):
        stores.chosen()


@pytest.mark.django_db
@pytest.mark.requirement("R40")
def test_a_bucket_holds_what_a_folder_would(bucket: S3Store, folder: Path) -> None:
    keyring.prepare()
    row = seal(DATA, kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    assert not folder.exists()
    assert stores.has_room()
    assert unseal(row.id) == DATA
    assert b"".join(open_sealed(row.id).read_range(100_000, 200_001)) == DATA[100_000:200_001]
    kept = bucket.reader(row.store_key)(0, 1_000_000)
    assert DATA[:64] not in kept
    bucket.write(row.store_key, [kept[:-1]])
    with pytest.raises(Tampered):
        unseal(row.id)
    assert orphans.collect() == 0
