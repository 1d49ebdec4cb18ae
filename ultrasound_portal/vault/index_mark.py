"""Remembers beside the data which index key it was made with, so that another one is noticed before it does harm.

With a wrong index key nothing fails: every known patient would silently be taken for a new one.
"""

from django.db import transaction

from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.models import IndexMark


def remember() -> None:
    """Write the mark of the index key that is here, once; raises KeyUnavailable."""
    with transaction.atomic():
        IndexMark.objects.get_or_create(pk=1, defaults={"key_id": keyring.index_key_id()})


def fits() -> bool | None:
    """Say whether the index key is the one the data was made with; None where nothing was written down yet."""
    mark = IndexMark.objects.filter(pk=1).first()
    return None if mark is None else mark.key_id == keyring.index_key_id()
