"""What the vault asks of a place for sealed objects, be it a folder or a bucket."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

STORE_KEY = re.compile(r"\A[0-9a-f]{32}\Z")

ReadAt = Callable[[int, int], bytes]
"""Reads `(offset, length)`; fewer bytes only at the end."""


class Store(Protocol):
    """Objects under keys of 32 hex digits, other names are Missing; faults of the place are OSErrors."""

    def write(self, store_key: str, sealed: Iterable[bytes]) -> None:
        """Write a new object, whole or not at all."""
        ...

    def has_room(self) -> bool:
        """Say whether new objects can be taken."""
        ...

    def size(self, store_key: str) -> int:
        """Return an object's size in bytes; raises Missing."""
        ...

    def reader(self, store_key: str) -> ReadAt:
        """Return a function that reads ranges of an object; it raises Missing when the object is gone."""
        ...

    def delete(self, store_key: str) -> None:
        """Remove an object; it may be gone already."""
        ...

    def stored_before(self, moment: float) -> Iterator[str]:
        """Yield the keys of objects last written before a moment (Unix time)."""
        ...

    def drafts_before(self, moment: float) -> Iterator[str]:
        """Yield the keys of writes that were begun before a moment (Unix time) and not finished."""
        ...

    def discard_draft(self, store_key: str) -> None:
        """Remove what a broken-off write left."""
        ...
