"""What one backup holds, written beside it: where its trail ends, which keys it needs, its database's digest."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ultrasound_portal.backups.errors import BackupRefused

FILE = "manifest.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`trail_seq` and `trail_hash` are of the last entry in the dump; `objects` counts the living sealed files."""

    version: int
    made_at: str
    kind: str
    database: str
    sha256: str
    trail_seq: int
    trail_hash: str
    objects: int
    wrapping_keys: tuple[str, ...]
    index_key: str


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest last of all: a folder without one is no backup."""
    draft = folder / f".{FILE}"
    draft.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
    draft.replace(folder / FILE)


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup, its database checked against it; raises BackupRefused."""
    try:
        said = json.loads((folder / FILE).read_text(encoding="utf-8"))
        manifest = Manifest(**{**said, "wrapping_keys": tuple(said["wrapping_keys"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise BackupRefused(f"{folder} holds no whole backup.") from None
    if manifest.version != VERSION:
        raise BackupRefused("This backup was made by another version of the portal. Restore it with that one.")
    if digest(folder / manifest.database) != manifest.sha256:
        raise BackupRefused("The database in this backup is not the one that was written. Take another backup.")
    return manifest


def digest(file: Path) -> str:
    """Return the SHA-256 of a file in hex; raises BackupRefused where it is not there."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        raise BackupRefused("The database of this backup cannot be read.") from None
