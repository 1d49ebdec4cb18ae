"""Collects files that no living row knows: left by a crash between file and row, or by a shredding."""

from datetime import timedelta

from django.utils import timezone

from ultrasound_portal.vault import stores
from ultrasound_portal.vault.models import SealedObject

GRACE = timedelta(hours=24)


def collect() -> int:
    """Remove orphans older than a day and return how many; younger ones may belong to an open transaction."""
    removed = 0
    for store_key in stores.stored_before((timezone.now() - GRACE).timestamp()):
        if not SealedObject.objects.filter(store_key=store_key, destroyed_at__isnull=True).exists():
            stores.delete(store_key)
            removed += 1
        stores.discard_draft(store_key)
    return removed
