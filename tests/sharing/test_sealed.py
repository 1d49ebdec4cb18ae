"""What a message needs is sealed, and opens for its own row alone."""

from uuid import uuid4

import pytest

from sharing.sealed import fields_of, seal_fields
from ultrasound_portal.vault.errors import Destroyed, VaultError
from ultrasound_portal.vault.shredding import shred

pytestmark = pytest.mark.django_db
FIELDS = {"to": "rowan@example.net", "code": "ßXYZ"}


def test_what_was_sealed_is_read_until_it_is_destroyed() -> None:
    object_id, blob = seal_fields(FIELDS, clinic_id=uuid4())
    assert b"rowan" not in blob
    assert fields_of(object_id, blob) == FIELDS
    shred(object_id)
    with pytest.raises(Destroyed):
        fields_of(object_id, blob)


def test_another_rows_bytes_do_not_open() -> None:
    clinic = uuid4()
    object_id, _ = seal_fields(FIELDS, clinic_id=clinic)
    _, other = seal_fields(FIELDS, clinic_id=clinic)
    with pytest.raises(VaultError):
        fields_of(object_id, other)
