"""A shredded object cannot be opened by anybody, not even with its file put back from a backup."""

from uuid import uuid4

import pytest
from django.db import transaction

from ultrasound_portal.vault import stores
from ultrasound_portal.vault.errors import Destroyed, Missing
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal, seal_value
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import unseal, unseal_value


@pytest.mark.django_db(transaction=True)
def test_key_and_file_are_gone_and_a_backup_of_the_file_does_not_help() -> None:
    row = seal(b"secret", kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    backup = stores.files().path_of(row.store_key).read_bytes()
    shred(row.id)
    row.refresh_from_db()
    assert bytes(row.wrapped_key) == b""
    assert row.destroyed_at is not None
    assert not stores.files().path_of(row.store_key).exists()
    stores.files().path_of(row.store_key).write_bytes(backup)
    with pytest.raises(Destroyed):
        unseal(row.id)


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_shredding_leaves_everything() -> None:
    row = seal(b"secret", kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the block is what is rolled back
        shred(row.id)
        raise RuntimeError
    assert unseal(row.id) == b"secret"


@pytest.mark.django_db
def test_twice_is_harmless_and_unknown_is_missing() -> None:
    row, blob = seal_value(b"name", kind=ObjectKind.IDENTITY, clinic_id=uuid4())
    shred(row.id)
    first = SealedObject.objects.get(pk=row.id).destroyed_at
    shred(row.id)
    assert SealedObject.objects.get(pk=row.id).destroyed_at == first
    with pytest.raises(Destroyed):
        unseal_value(row.id, blob)
    with pytest.raises(Missing):
        shred(uuid4())
