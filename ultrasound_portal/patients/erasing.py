"""Who else keeps something sealed of a patient: the rooms above name their erasers here, since calls only go down."""

from collections.abc import Callable, Iterable
from uuid import UUID

from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.shredding import shred

Eraser = Callable[[Patient, str], None]
"""Takes the patient and the acting `user:`, `link:` or `system:`; runs in the transaction that forgets her."""

_ERASERS: dict[str, Eraser] = {}


def erases(eraser: Eraser) -> Eraser:
    """Have a function called when a patient is forgotten; it may raise ErasureRefused, and then nothing is erased."""
    _ERASERS[f"{eraser.__module__}.{eraser.__qualname__}"] = eraser
    return eraser


def erase_all(patient: Patient, actor: str) -> None:
    """Call every eraser; raises ErasureRefused."""
    for _, eraser in sorted(_ERASERS.items()):
        eraser(patient, actor)


def shred_all(object_ids: Iterable[UUID | None]) -> int:
    """Destroy the keys of those of the objects that still have one, and return how many."""
    wanted = {object_id for object_id in object_ids if object_id is not None}
    living = list(SealedObject.objects.filter(pk__in=wanted, destroyed_at=None).values_list("pk", flat=True))
    for object_id in living:
        shred(object_id)
    return len(living)
