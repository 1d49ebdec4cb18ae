"""Wraps data keys anew under the current key, row by row while the portal serves; no sealed byte is touched.

Broken off at any moment it is simply run again: what is left is what the rows say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from ultrasound_portal.vault import index_key, keyring, transit
from ultrasound_portal.vault.binding import context_of
from ultrasound_portal.vault.errors import NotRotatable
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.wrapping import Bare, Wrapped

BATCH = 500
_SWAP = (
    "UPDATE vault_sealedobject SET wrapped_key = %s, kek_id = %s "
    "WHERE id = %s AND kek_id = %s AND destroyed_at IS NULL"  # one that is shredded meanwhile stays shredded
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows have been wrapped anew by this run, and how many still wait."""

    done: int
    left: int


def waiting() -> int:
    """Return how many living objects are wrapped with another key than the current one."""
    return SealedObject.objects.filter(destroyed_at=None).exclude(kek_id=keyring.current_id()).count()


def rewrap() -> Iterator[Progress]:
    """Wrap what waits under the current key, telling the progress after each batch, until nothing waits.

    Rows that another process seals with the old key meanwhile are met too. Raises KeyUnavailable for a key that is
    gone and Tampered for a row that was changed: both want a person.
    """
    service = transit.configured()
    if service is not None and index_key.wrapped_with() != service.current_id():
        index_key.rewrap(service)
    done = 0
    yield Progress(done, waiting())
    while batch := _next():
        _rewrap_some(batch)
        done += len(batch)
        yield Progress(done, waiting())


def retire(kek_id: str) -> None:
    """Destroy an old wrapping key; raises NotRotatable while it is current or anything living needs it."""
    if kek_id == keyring.current_id():
        raise NotRotatable("This is the current key. Rotate first.")
    if kek_id not in keyring.present_ids():
        raise NotRotatable("There is no such key here.")
    needed = {key for key in _needed() if key == kek_id or _goes_with(key, kek_id)}
    if needed:
        raise NotRotatable("Objects are still wrapped with this key. Run `manage.py keys rewrap` first.")
    keyring.retire(kek_id)


def _needed() -> set[str]:
    rows = SealedObject.objects.filter(destroyed_at=None).order_by()
    return {*rows.values_list("kek_id", flat=True).distinct(), index_key.wrapped_with()} - {""}


def _goes_with(key: str, kek_id: str) -> bool:
    """Say whether a version of the service's key would be destroyed with a later one."""
    name, _, version = kek_id.rpartition(":v")
    other, _, older = key.rpartition(":v")
    return transit.is_transit(kek_id) and name == other and int(older) <= int(version)


def _next() -> list[SealedObject]:
    rows = SealedObject.objects.filter(destroyed_at=None).exclude(kek_id=keyring.current_id())
    return list(rows.only("id", "kind", "clinic_id", "wrapped_key", "kek_id")[:BATCH])


def _rewrap_some(rows: list[SealedObject]) -> None:
    contexts = [context_of(row.id, row.kind, row.clinic_id) for row in rows]
    keys = keyring.unwrap_all(
        [
            Wrapped(kek_id=row.kek_id, wrapped=bytes(row.wrapped_key), context=context)
            for row, context in zip(rows, contexts, strict=True)
        ]
    )
    fresh = keyring.wrap_all([Bare(key, context) for key, context in zip(keys, contexts, strict=True)])
    identity = SealedObject._meta.pk
    swaps = [
        (wrapped, kek_id, identity.get_db_prep_value(row.id, connection), row.kek_id)
        for row, (kek_id, wrapped) in zip(rows, fresh, strict=True)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_SWAP, swaps)
