"""What is sealed opens again, byte for byte, and never lies in plain in the store."""

from uuid import uuid4

import pytest

from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal
from ultrasound_portal.vault.unsealing import unseal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [0, 1, 16383, 16384, 16385, 3 * 1024 * 1024 + 7])
def test_a_sealed_object_opens_again(size: int) -> None:
    data = bytes(i % 251 for i in range(1000)) * (size // 1000 + 1)
    data = data[:size]
    row = seal(data, kind=ObjectKind.ORIGINAL, clinic_id=uuid4())
    assert unseal(row.id) == data
