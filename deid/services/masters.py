"""The clean master of a released picture under the header of a purpose; nothing that is written here stays anywhere.

Imported by `sharing.handovers` alone, which asks consent before every byte.
"""

from uuid import UUID

from django.db.models import F

from deid.engine import cage
from deid.engine.disclosure import Disclosure, Purpose
from deid.models import Artefact
from deid.states import ArtefactKind, InstanceState
from ultrasound_portal.vault.errors import Missing
from ultrasound_portal.vault.keyring import derived_key
from ultrasound_portal.vault.unsealing import unseal

SECONDS = 120.0


def made_for(picture_id: UUID, purpose: Purpose) -> bytes:
    """Return the DICOM file of a released picture for a purpose, with that purpose's codes and dates of its patient.

    Where the original was destroyed, the file tells what the master's own header does. Raises Missing for what is not
    released, VaultError, and Held, Rejected or CageBroken where no file can be made that is certain to be clean.
    """
    found = (
        Artefact.objects.filter(
            instance=picture_id,
            instance__state=InstanceState.RELEASED,
            instance__current_run=F("run"),
            kind=ArtefactKind.MASTER,
        )
        .select_related("instance__study")
        .first()
    )
    if found is None:
        raise Missing
    gone = found.instance.original_destroyed_at is not None
    return cage.shared().rehead(
        None if gone else unseal(found.instance.original_id),
        unseal(found.object_id),
        disclosure=Disclosure.usual(purpose),
        secret=derived_key(f"pseudonyms:{found.instance.study.patient_id}"),
        timeout=SECONDS,
    )
