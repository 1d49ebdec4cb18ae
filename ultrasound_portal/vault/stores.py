"""The file store: sealed files under names that say nothing, written whole or not at all."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.conf import settings

from ultrasound_portal.vault.errors import Missing

RESERVE = 64 * 1024 * 1024
_KEY = re.compile(r"\A[0-9a-f]{32}\Z")


def write(store_key: str, sealed: Iterable[bytes]) -> None:
    """Write a new file: temporary name, fsync, rename, fsync of the folder; on OSError nothing is left."""
    target = path_of(store_key)
    _make_folder(target.parent)
    draft = root() / "drafts" / store_key
    _make_folder(draft.parent)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in sealed:
                if not has_room():
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def has_room() -> bool:
    """Say whether the disk has more than the reserve: withdrawals and the trail must be written when no picture can."""
    return shutil.disk_usage(settings.PORTAL_DATA).free > RESERVE


def size(store_key: str) -> int:
    """Return the size of a sealed file in bytes; raises Missing."""
    try:
        return path_of(store_key).stat().st_size
    except FileNotFoundError:
        raise Missing("a sealed file is gone") from None


def reader(store_key: str) -> Callable[[int, int], bytes]:
    """Return a function that reads `(offset, length)` of a sealed file; raises Missing when it is gone."""
    path = path_of(store_key)

    def read_at(offset: int, length: int) -> bytes:
        try:
            with path.open("rb", buffering=0) as file:
                return os.pread(file.fileno(), length, offset)
        except FileNotFoundError:
            raise Missing("a sealed file is gone") from None

    return read_at


def delete(store_key: str) -> None:
    """Remove a sealed file; it may be gone already."""
    path_of(store_key).unlink(missing_ok=True)


def stored_before(moment: float) -> Iterator[str]:
    """Yield the store keys of files last written before a moment (Unix time), half-written ones included."""
    if not root().is_dir():
        return
    for path in sorted(root().rglob("*")):
        if _KEY.match(path.name) and path.is_file() and path.stat().st_mtime < moment:
            yield path.name


def discard_draft(store_key: str) -> None:
    """Remove what a broken-off write left."""
    (root() / "drafts" / store_key).unlink(missing_ok=True)


def root() -> Path:
    """Return the store's folder."""
    return Path(settings.PORTAL_DATA) / "store"


def path_of(store_key: str) -> Path:
    """Return where a sealed file lies; two levels of folders keep each one small."""
    if not _KEY.match(store_key):
        raise Missing("not the name of a sealed file")
    return root() / store_key[:2] / store_key[2:4] / store_key


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents inside the store, each 0700 and each written to disk."""
    if folder.is_dir():
        return
    if folder != root():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    else:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
