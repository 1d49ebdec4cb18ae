"""Destroys objects for good: without its key an object is noise, in the store and in every backup of it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ultrasound_portal.vault import stores, tombstones
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.models import SealedObject


def shred(object_id: UUID) -> None:
    """Destroy the key in the caller's transaction and remove the file once that is committed; raises Missing.

    That it was destroyed is noted outside the database too. Doing it twice is harmless. A file that outlives a crash in
    between has no key and is collected later.
    """
    with transaction.atomic():
        row = SealedObject.objects.select_for_update().filter(pk=object_id).first()
        if row is None:
            raise Missing("no such sealed object")
        if row.destroyed_at is None:
            row.wrapped_key = b""
            row.destroyed_at = timezone.now()
            row.save(update_fields=["wrapped_key", "destroyed_at"])
        transaction.on_commit(lambda: tombstones.note([object_id]), robust=True)
        if row.store_key:
            store_key = row.store_key
            transaction.on_commit(lambda: stores.delete(store_key))
