"""The store that is a folder: sealed files under names that say nothing, written whole or not at all."""

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.store import STORE_KEY, ReadAt

RESERVE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileStore:
    """Files below `root`; see `ultrasound_portal.vault.store.Store`."""

    root: Path

    def write(self, store_key: str, sealed: Iterable[bytes]) -> None:
        """Write a new file: temporary name, fsync, rename, fsync of the folder; on OSError nothing is left."""
        target = self.path_of(store_key)
        self._make_folder(target.parent)
        draft = self.root / "drafts" / store_key
        self._make_folder(draft.parent)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in sealed:
                    if not self.has_room():
                        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def has_room(self) -> bool:
        """Say whether the disk has more than the reserve, which withdrawals and the trail need when no picture fits."""
        return shutil.disk_usage(self.root.parent).free > RESERVE

    def size(self, store_key: str) -> int:
        """Return the size of a sealed file in bytes; raises Missing."""
        try:
            return self.path_of(store_key).stat().st_size
        except FileNotFoundError:
            raise Missing("a sealed file is gone") from None

    def reader(self, store_key: str) -> ReadAt:
        """Return a function that reads `(offset, length)` of a sealed file; raises Missing when it is gone."""
        path = self.path_of(store_key)

        def read_at(offset: int, length: int) -> bytes:
            try:
                descriptor = os.open(path, os.O_RDONLY)
            except FileNotFoundError:
                raise Missing("a sealed file is gone") from None
            try:
                return os.pread(descriptor, length, offset)
            finally:
                os.close(descriptor)

        return read_at

    def delete(self, store_key: str) -> None:
        """Remove a sealed file; it may be gone already."""
        self.path_of(store_key).unlink(missing_ok=True)

    def stored_before(self, moment: float) -> Iterator[str]:
        """Yield the store keys of files last written before a moment (Unix time)."""
        yield from (path.name for path in _before(self.root.glob("??/??/*"), moment))

    def drafts_before(self, moment: float) -> Iterator[str]:
        """Yield the store keys of half-written files last touched before a moment (Unix time)."""
        yield from (path.name for path in _before(self.root.glob("drafts/*"), moment))

    def discard_draft(self, store_key: str) -> None:
        """Remove what a broken-off write left."""
        (self.root / "drafts" / store_key).unlink(missing_ok=True)

    def path_of(self, store_key: str) -> Path:
        """Return where a sealed file lies; two levels of folders keep each one small."""
        if not STORE_KEY.match(store_key):
            raise Missing("not the name of a sealed file")
        return self.root / store_key[:2] / store_key[2:4] / store_key

    def _make_folder(self, folder: Path) -> None:
        """Make a folder and its parents inside the store, each 0700 and each written to disk."""
        if folder.is_dir():
            return
        if folder != self.root:
            self._make_folder(folder.parent)
            folder.mkdir(mode=0o700, exist_ok=True)
        else:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _before(paths: Iterable[Path], moment: float) -> Iterator[Path]:
    for path in sorted(paths):
        if STORE_KEY.match(path.name) and path.is_file() and path.stat().st_mtime < moment:
            yield path


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
