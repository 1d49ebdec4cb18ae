"""The store that the settings name, for the vault's own modules and for those that undo a write."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from ultrasound_portal import env
from ultrasound_portal.vault.file_store import FileStore
from ultrasound_portal.vault.s3_store import Bucket, S3Store
from ultrasound_portal.vault.store import ReadAt, Store

KINDS = frozenset({"files", "s3"})


def chosen() -> Store:
    """Return the store that PORTAL_STORE names: `files` in the data folder, or `s3`."""
    if env.choice("PORTAL_STORE", "files", KINDS) == "files":
        return files()
    return _s3(
        Bucket(
            endpoint=env.text("PORTAL_S3_ENDPOINT"),
            name=env.text("PORTAL_S3_BUCKET"),
            prefix=env.text("PORTAL_S3_PREFIX", ""),
            region=env.text("PORTAL_S3_REGION", "us-east-1"),
            access_key=env.secret("PORTAL_S3_ACCESS_KEY"),
            secret_key=env.secret("PORTAL_S3_SECRET_KEY"),
        )
    )


def files() -> FileStore:
    """Return the store that is a folder of the data folder."""
    return FileStore(Path(settings.PORTAL_DATA) / "store")


def write(store_key: str, sealed: Iterable[bytes]) -> None:
    """Write a new object, whole or not at all."""
    chosen().write(store_key, sealed)


def has_room() -> bool:
    """Say whether the store takes new objects and the data folder's disk has its reserve for everything else."""
    return files().has_room() and chosen().has_room()


def size(store_key: str) -> int:
    """Return the size of a sealed object in bytes; raises Missing."""
    return chosen().size(store_key)


def reader(store_key: str) -> ReadAt:
    """Return a function that reads `(offset, length)` of a sealed object; raises Missing when it is gone."""
    return chosen().reader(store_key)


def delete(store_key: str) -> None:
    """Remove a sealed object; it may be gone already."""
    chosen().delete(store_key)


def stored_before(moment: float) -> Iterator[str]:
    """Yield the store keys of objects last written before a moment (Unix time)."""
    return chosen().stored_before(moment)


def drafts_before(moment: float) -> Iterator[str]:
    """Yield the store keys of unfinished writes begun before a moment (Unix time)."""
    return chosen().drafts_before(moment)


def discard_draft(store_key: str) -> None:
    """Remove what a broken-off write left."""
    chosen().discard_draft(store_key)


@cache
def _s3(bucket: Bucket) -> S3Store:
    """Keep one client for each bucket: making one takes longer than a request."""
    return S3Store(bucket)
