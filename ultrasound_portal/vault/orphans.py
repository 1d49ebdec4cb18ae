"""Collects objects that no living row knows: left by a crash between object and row, or by a shredding."""

from datetime import timedelta

from django.utils import timezone

from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject

GRACE = timedelta(hours=24)


def found() -> list[str]:
    """Return the store keys of orphans older than a day; younger ones may belong to an open transaction."""
    return [
        store_key
        for store_key in stores.stored_before(_bound())
        if not SealedObject.objects.filter(store_key=store_key, destroyed_at__isnull=True).exists()
    ]


def collect() -> int:
    """Remove orphans and what broken-off writes left, and return how many there were."""
    orphans, drafts = found(), list(stores.drafts_before(_bound()))
    for store_key in orphans:
        stores.delete(store_key)
    for store_key in drafts:
        stores.discard_draft(store_key)
    return len(orphans) + len(drafts)


def _bound() -> float:
    return (timezone.now() - GRACE).timestamp()
