"""Seals bytes: a fresh 256-bit key per object, itself wrapped; no byte touches a disk before encryption."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.cobblestone import Cobblestone256Encryptor

from ultrasound_portal.vault import keyring, stores
from ultrasound_portal.vault.binding import context_of
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject

PIECE = 1024 * 1024


@dataclass(slots=True)
class _Count:
    """What is learnt about the plaintext while it streams by."""

    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)  # Any: hashlib's digest type has no public name


def seal(data: bytes | Iterable[bytes], *, kind: ObjectKind, clinic_id: UUID) -> SealedObject:
    """Seal into the store and return the row; the file is safe on disk before the row exists.

    If the caller's transaction is rolled back the file stays behind without a key and is collected later.
    """
    row = seal_file(data, kind=kind, clinic_id=clinic_id)
    row.save(force_insert=True)
    return row


def seal_file(data: bytes | Iterable[bytes], *, kind: ObjectKind, clinic_id: UUID) -> SealedObject:
    """Seal into the store and return the row, which the caller saves in the transaction that makes it known.

    Until then the key is in this process's memory only: what a crash leaves is a file that nobody can open and
    that is collected later.
    """
    object_id = uuid4()
    context = context_of(object_id, kind, clinic_id)
    key = Cobblestone256Encryptor.generate_key()
    count = _Count()
    stores.write(object_id.hex, _encrypted(_pieces(data), key=key, context=context, count=count))
    kek_id, wrapped = keyring.wrap(key, context=context)
    return SealedObject(
        id=object_id,
        kind=kind.value,
        clinic_id=clinic_id,
        wrapped_key=wrapped,
        kek_id=kek_id,
        size=count.size,
        sha256=count.digest.hexdigest(),
        store_key=object_id.hex,
    )


def seal_value(data: bytes, *, kind: ObjectKind, clinic_id: UUID) -> tuple[SealedObject, bytes]:
    """Seal a small value and return its row and the sealed bytes, which the caller keeps in a column."""
    object_id = uuid4()
    context = context_of(object_id, kind, clinic_id)
    key = Cobblestone256Encryptor.generate_key()
    blob = b"".join(_encrypted([data], key=key, context=context, count=_Count()))
    kek_id, wrapped = keyring.wrap(key, context=context)
    row = SealedObject.objects.create(
        id=object_id,
        kind=kind.value,
        clinic_id=clinic_id,
        wrapped_key=wrapped,
        kek_id=kek_id,
        size=len(data),
    )
    return row, blob


def _pieces(data: bytes | Iterable[bytes]) -> Iterator[bytes | memoryview]:
    if not isinstance(data, bytes):
        yield from data
        return
    view = memoryview(data)
    for start in range(0, len(view), PIECE):
        yield view[start : start + PIECE]


def _encrypted(pieces: Iterable[bytes | memoryview], *, key: bytes, context: bytes, count: _Count) -> Iterator[bytes]:
    encryptor = Cobblestone256Encryptor(key, context)
    for piece in pieces:
        count.size += len(piece)
        count.digest.update(piece)
        yield encryptor.update(piece)
    yield encryptor.finalize()
