"""What a source of key-encryption keys can do: wrap under its current key, unwrap under any it still has."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Bare:
    """A data key on its way to be wrapped; `context` is what it will be bound to."""

    data_key: bytes = field(repr=False)
    context: bytes


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as it stands in an object's row; `context` is what it is bound to."""

    kek_id: str
    wrapped: bytes = field(repr=False)
    context: bytes


class Wrapper(Protocol):
    """A source of key-encryption keys: this machine's own, or a service that never shows them."""

    def current_id(self) -> str:
        """Return the id of the key that new objects are wrapped with; raises KeyUnavailable."""
        ...

    def ids(self) -> frozenset[str]:
        """Return the ids of all keys that can unwrap; raises KeyUnavailable."""
        ...

    def wrap_all(self, items: list[Bare]) -> list[tuple[str, bytes]]:
        """Return for each data key the current key's id and the wrapped data key; raises KeyUnavailable."""
        ...

    def unwrap_all(self, items: list[Wrapped]) -> list[bytes]:
        """Return the data keys in order; raises KeyUnavailable for a key that is away, Tampered for wrong bytes."""
        ...

    def rotate(self) -> str:
        """Make a fresh current key, keep the old ones, and return the new id; raises NotRotatable."""
        ...

    def retire(self, kek_id: str) -> None:
        """Destroy an old key; raises NotRotatable where that is somebody else's to do."""
        ...
