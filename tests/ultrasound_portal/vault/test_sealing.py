"""What is sealed opens again, byte for byte, and never lies in plain in the store or the database."""

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from ultrasound_portal.vault import keyring, stores
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal, seal_file, seal_value
from ultrasound_portal.vault.unsealing import unseal, unseal_value

pytestmark = pytest.mark.django_db
CLINIC = uuid4()
WORDS = b"TESTWOMAN^ANNA burned into the picture "


@pytest.mark.parametrize("size", [0, 1, 16383, 16384, 16385, 3 * 1024 * 1024 + 7])
def test_a_sealed_object_opens_again(size: int) -> None:
    data = (WORDS * (size // len(WORDS) + 1))[:size]
    row = seal(data, kind=ObjectKind.ORIGINAL, clinic_id=CLINIC)
    assert unseal(row.id) == data
    assert (row.size, row.sha256) == (size, hashlib.sha256(data).hexdigest())


def test_a_sealed_file_has_no_key_anywhere_until_its_row_is_saved() -> None:
    row = seal_file(WORDS, kind=ObjectKind.MASTER, clinic_id=CLINIC)
    assert stores.files().path_of(row.store_key).exists()
    assert not SealedObject.objects.exists()
    row.save(force_insert=True)
    assert unseal(row.id) == WORDS


def test_it_takes_a_stream() -> None:
    row = seal(iter([b"one ", b"", b"two"]), kind=ObjectKind.MASTER, clinic_id=CLINIC)
    assert unseal(row.id) == b"one two"


@pytest.mark.requirement("R40")
def test_nothing_lies_in_plain_in_the_data_folder(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()
    seal(WORDS * 1000, kind=ObjectKind.ORIGINAL, clinic_id=CLINIC)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert not [path for path in files if b"TESTWOMAN" in path.read_bytes()]


def test_equal_objects_have_different_keys_and_bytes() -> None:
    one, two = (seal(WORDS, kind=ObjectKind.MASTER, clinic_id=CLINIC) for _ in range(2))
    assert bytes(one.wrapped_key) != bytes(two.wrapped_key)
    assert (
        stores.files().path_of(one.store_key).read_bytes()[:56]
        != stores.files().path_of(two.store_key).read_bytes()[:56]
    )


def test_a_small_value_is_sealed_into_bytes_without_a_bare_digest() -> None:
    row, blob = seal_value(b"Testwoman^Anna", kind=ObjectKind.IDENTITY, clinic_id=CLINIC)
    assert b"Testwoman" not in blob
    assert (row.sha256, row.store_key, row.size) == ("", "", 14)
    assert unseal_value(row.id, blob) == b"Testwoman^Anna"


def test_a_stream_that_breaks_leaves_neither_row_nor_file(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_DATA = tmp_path
    keyring.prepare()

    def broken():
        yield b"half"
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        seal(broken(), kind=ObjectKind.ORIGINAL, clinic_id=CLINIC)
    assert not SealedObject.objects.exists()
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []
    assert connection.is_usable()
