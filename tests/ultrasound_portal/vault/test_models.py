"""The table itself refuses a destroyed object that still has its key."""

from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [{"destroyed_at": timezone.now()}, {"size": -1}])
def test_impossible_rows_are_refused(fault: dict[str, object]) -> None:
    row = {"kind": ObjectKind.MASTER, "clinic_id": uuid4(), "wrapped_key": b"key", "kek_id": "x", "size": 1}
    with pytest.raises(IntegrityError):
        SealedObject.objects.create(**{**row, **fault})


def test_it_is_named_by_kind_and_key() -> None:
    row = SealedObject(kind=ObjectKind.MASTER)
    assert str(row) == f"master {row.id}"
