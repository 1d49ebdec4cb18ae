"""Keys that came with a form or an address, which may be anything."""

from collections.abc import Iterable
from uuid import UUID


def key_of(text: str) -> UUID | None:
    """Return the key that a text is, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def keys_of(texts: Iterable[str]) -> list[UUID]:
    """Return those of the texts that are keys."""
    return [key for key in map(key_of, texts) if key]
