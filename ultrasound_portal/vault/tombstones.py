"""Which keys were destroyed, noted outside the database: a restored backup must not bring them back.

Each line is the key of an object's row, which says nothing of what it was.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings

from ultrasound_portal import env
from ultrasound_portal.vault.models import SealedObject

_LINE = 33


def path() -> Path:
    """Return where the notes lie."""
    return env.witness_folder(settings.PORTAL_DATA) / "destroyed"


def note(object_ids: Iterable[UUID]) -> None:
    """Add objects to the notes; one write, so that lines of several processes stay whole."""
    lines = "".join(f"{object_id.hex}\n" for object_id in object_ids).encode()
    path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, lines)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def noted(source: Path | None = None) -> set[UUID]:
    """Return the objects in the notes; a line that a crash cut is left out."""
    try:
        content = (source or path()).read_bytes()
    except FileNotFoundError:
        return set()
    lines = content.decode("ascii", "replace").split("\n")
    return {UUID(hex=line) for line in lines if len(line) == _LINE - 1 and line.isalnum() and line.isascii()}


def catch_up() -> int:
    """Note what was destroyed and is not in the notes, because a crash came between; return how many."""
    known = noted()
    destroyed = SealedObject.objects.exclude(destroyed_at=None).values_list("pk", flat=True)
    missing = [object_id for object_id in destroyed.iterator() if object_id not in known]
    if missing:
        note(missing)
    return len(missing)
