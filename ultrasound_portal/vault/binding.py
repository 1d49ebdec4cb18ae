"""What a ciphertext is bound to, so that two objects cannot be swapped."""

from uuid import UUID

from ultrasound_portal.vault.kinds import ObjectKind


def context_of(object_id: UUID, kind: ObjectKind | str, clinic_id: UUID) -> bytes:
    """Return the associated data of an object: its id, its kind and its clinic."""
    return f"ultrasound-portal sealed object v1|{object_id}|{ObjectKind(kind).value}|{clinic_id}".encode()
