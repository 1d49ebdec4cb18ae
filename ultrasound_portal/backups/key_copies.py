"""The key files in a second place, apart from the copy of what they open."""

import shutil
from pathlib import Path

from django.conf import settings

from ultrasound_portal.backups.errors import BackupRefused


def check_apart(folder: Path, keys: Path) -> None:
    """Raise BackupRefused where one of the two places lies in the other, or in the data folder."""
    data = Path(settings.PORTAL_DATA).resolve()
    places = [folder.resolve(), keys.resolve()]
    for one, other in ((places[0], places[1]), (places[1], places[0]), (places[0], data), (places[1], data)):
        if one == other or one.is_relative_to(other):
            raise BackupRefused("Backup and keys go to two places, apart from each other and from the data folder.")


def copy_out(keys: Path) -> list[str]:
    """Copy the key files into a folder of mode 0700 and return their names; keys kept elsewhere have no files."""
    source = Path(settings.PORTAL_DATA) / "keys"
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = sorted(path.name for path in source.glob("[!.]*")) if source.is_dir() else []
    for name in names:
        _copy(source / name, keys / name)
    return names


def copy_back(keys: Path) -> list[str]:
    """Copy key files into the data folder and return their names; raises BackupRefused rather than write over one."""
    target = Path(settings.PORTAL_DATA) / "keys"
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = sorted(path.name for path in keys.glob("[!.]*")) if keys.is_dir() else []
    if not names:
        raise BackupRefused("There are no keys in that folder.")
    for name in names:
        present = target / name
        if present.exists() and present.read_bytes() != (keys / name).read_bytes():
            raise BackupRefused(f"The data folder has another {name} already. Restore into a new data folder.")
    for name in names:
        _copy(keys / name, target / name)
    return names


def _copy(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}")
    shutil.copyfile(source, draft)
    draft.chmod(0o600)
    draft.replace(target)
