"""Puts a backup into an empty system: keys, database, objects; and checks that they belong together."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import call_command

from ultrasound_portal.audit import trail
from ultrasound_portal.backups import databases, key_copies, manifest, objects
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.manifest import Manifest
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.errors import VaultError
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import open_sealed

LEAST_OPENED = 20
ONE_IN = 100


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was put back: the manifest, how many objects are missing in the backup, and how many were opened to see."""

    manifest: Manifest
    missing: int
    opened: int


def load(folder: Path, *, keys: Path | None, destroyed: Iterable[UUID]) -> Loaded:
    """Put a backup into the empty database and store of the settings; raises BackupRefused, best before anything.

    The keys of `destroyed` objects are destroyed again before any object is copied.
    """
    found = manifest.read(folder)
    Path(settings.PORTAL_DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
    databases.check_empty()
    if keys is not None:
        key_copies.copy_back(keys)
    _check_keys(found)
    databases.load(folder / found.database, found.kind)
    call_command("migrate", interactive=False, verbosity=0)
    verdict = trail.verify()
    if not verdict.whole or trail.head() != (found.trail_seq, found.trail_hash):
        raise BackupRefused("The trail in this backup is not whole. Keep the database for whoever looks into it.")
    for key in SealedObject.objects.filter(destroyed_at=None, pk__in=set(destroyed)).values_list("pk", flat=True):
        shred(key)
    missing = objects.copy_back(folder if (folder / objects.FOLDER).is_dir() else folder.parent)
    return Loaded(manifest=found, missing=missing, opened=_open_some())


def _check_keys(found: Manifest) -> None:
    """Raise BackupRefused where the keys that are here are not those of the backup."""
    try:
        fits = set(found.wrapping_keys) <= keyring.present_ids() and keyring.index_key_id() == found.index_key
    except VaultError:
        fits = False
    if not fits:
        raise BackupRefused("The keys that are here do not open this backup. Give those copied with it (--keys).")


def _open_some() -> int:
    """Open every hundredth object wholly, at least twenty; raises BackupRefused where one does not open."""
    living = SealedObject.objects.filter(destroyed_at=None).exclude(store_key="").order_by("pk")
    some = max(LEAST_OPENED, living.count() // ONE_IN)
    opened = 0
    for key in islice(living.values_list("pk", flat=True).iterator(), some):
        try:
            reader = open_sealed(key)
            size = sum(len(piece) for piece in reader.read_range(0, reader.size))
        except VaultError as fault:
            raise BackupRefused(f"The sealed object {key} does not open ({type(fault).__name__}).") from None
        assert size == reader.size
        opened += 1
    return opened
