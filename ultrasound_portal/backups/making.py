"""Makes a backup of the running portal: first the database, then the objects it knows, then the manifest."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from ultrasound_portal.audit import witness
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.backups import databases, key_copies, manifest, objects
from ultrasound_portal.backups.errors import BackupRefused
from ultrasound_portal.backups.manifest import Manifest
from ultrasound_portal.vault import keyring
from ultrasound_portal.vault.models import SealedObject


@dataclass(frozen=True, slots=True)
class Made:
    """Where the backup lies, what it holds, which key files were copied, and how many older backups were dropped."""

    folder: Path
    manifest: Manifest
    keys: tuple[str, ...]
    dropped: int


def make(target: Path, *, keys: Path | None, keep: int) -> Made:
    """Add a backup to `target`, where the objects of all its backups lie once; keep the newest `keep` of them.

    Raises BackupRefused.
    """
    key_copies.check_apart(target, keys or Path("/nonexistent"))
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with transaction.atomic():
        record(Event.BACKUP_MADE, actor="system:operator", clinic_id=None)
    folder = target / timezone.now().strftime("backup-%Y%m%dT%H%M%S%fZ")
    folder.mkdir(mode=0o700)
    name, (seq, leaf_hash) = databases.dump(folder)
    witness.follow_or_tell()  # a backup whose end the witness does not know could only be restored without it
    made = Manifest(
        version=manifest.VERSION,
        made_at=timezone.now().isoformat(),
        kind=connection.vendor,
        database=name,
        sha256=manifest.digest(folder / name),
        trail_seq=seq,
        trail_hash=leaf_hash,
        objects=objects.copy_out(target),
        wrapping_keys=_wrapping_keys(),
        index_key=keyring.index_key_id(),
    )
    manifest.write(made, folder)
    copied = key_copies.copy_out(keys) if keys else []
    return Made(folder=folder, manifest=made, keys=tuple(copied), dropped=_drop_old(target, keep))


def newest(target: Path) -> Path:
    """Return the newest whole backup in a folder, or the folder itself if it is one; raises BackupRefused."""
    if (target / manifest.FILE).exists():
        return target
    whole = sorted(path.parent for path in target.glob(f"backup-*/{manifest.FILE}"))
    if not whole:
        raise BackupRefused(f"There is no whole backup in {target}.")
    return whole[-1]


def _wrapping_keys() -> tuple[str, ...]:
    living = SealedObject.objects.filter(destroyed_at=None).order_by()
    return tuple(sorted(living.values_list("kek_id", flat=True).distinct()))


def _drop_old(target: Path, keep: int) -> int:
    """Drop the oldest dumps: each still holds the data keys of what was destroyed after it."""
    old = sorted(target.glob("backup-*"))[:-keep]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)
