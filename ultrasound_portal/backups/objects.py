"""Sealed objects into a backup and back; they stay sealed, and one that was destroyed leaves the backup too."""

from collections.abc import Iterator
from pathlib import Path

from ultrasound_portal.vault import stores
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.file_store import FileStore
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.store import Store

PIECE = 1024 * 1024
FOLDER = "objects"


def copy_out(target: Path) -> int:
    """Copy every living object that the backup has not, drop what was destroyed since, and return how many there are.

    What is shredded while this runs is left out: its row will be found destroyed when the backup is put back.
    """
    kept, source, living = FileStore(target / FOLDER), stores.chosen(), 0
    for store_key in _living():
        living += 1
        if not _has(kept, store_key):
            try:
                _copy(store_key, source, kept)
            except Missing:
                living -= 1
    for store_key in (
        SealedObject.objects.exclude(destroyed_at=None).exclude(store_key="").values_list("store_key", flat=True)
    ):
        kept.delete(store_key)
    return living


def copy_back(source: Path) -> int:
    """Copy the living objects of the restored rows into a store that lacks them, and return how many are missing."""
    kept, target, missing = FileStore(source / FOLDER), stores.chosen(), 0
    for store_key in _living():
        if _has(target, store_key):
            continue
        if not _has(kept, store_key):
            missing += 1
            continue
        _copy(store_key, kept, target)
    return missing


def _living() -> Iterator[str]:
    rows = SealedObject.objects.filter(destroyed_at=None).exclude(store_key="")
    return rows.order_by("store_key").values_list("store_key", flat=True).iterator()


def _has(store: Store, store_key: str) -> bool:
    try:
        return store.size(store_key) > 0
    except Missing:
        return False


def _copy(store_key: str, source: Store, target: Store) -> None:
    target.discard_draft(store_key)
    target.write(store_key, _pieces(source, store_key))


def _pieces(source: Store, store_key: str) -> Iterator[bytes]:
    size, read_at = source.size(store_key), source.reader(store_key)
    for start in range(0, size, PIECE):
        piece = read_at(start, PIECE)
        if len(piece) != min(PIECE, size - start):
            raise OSError("a sealed object ended early")
        yield piece
