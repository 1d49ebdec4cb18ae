"""What a message needs is sealed in its row as one text, and opened by the worker that sends it."""

import json
from collections.abc import Mapping
from uuid import UUID

from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.unsealing import unseal_value


def seal_fields(fields: Mapping[str, str], *, clinic_id: UUID) -> tuple[UUID, bytes]:
    """Seal named texts together and return their object's key and the sealed bytes for the row that holds them."""
    text = json.dumps(dict(fields), ensure_ascii=False).encode()
    row, blob = seal_value(text, kind=ObjectKind.DOCUMENT, clinic_id=clinic_id)
    return row.pk, blob


def fields_of(object_id: UUID, blob: bytes | memoryview) -> dict[str, str]:
    """Return what was sealed; raises VaultError where it was destroyed or tampered with."""
    fields: dict[str, str] = json.loads(unseal_value(object_id, blob))
    return fields
