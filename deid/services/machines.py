"""Which machine a picture came from: its own words, sealed, and opened for staff alone."""

import json
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction

from deid.models import Machine
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.vault.keyring import match_value
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.unsealing import unseal_values

SCOPE = "deid.machine"
UNREADABLE = "Cannot be read any more"


def find_or_create(clinic: Clinic, *, manufacturer: str, model: str, station: str) -> Machine | None:
    """Return the clinic's machine of these words, stored if it is new, or None where the file tells nothing."""
    words = [" ".join(word.split()) for word in (manufacturer, model, station)]
    if not any(words):
        return None
    value = match_value(json.dumps([str(clinic.pk), *(word.casefold() for word in words)]), scope=SCOPE)
    known = Machine.objects.filter(clinic=clinic, match_value=value).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            label = _label(*words)
            row, blob = seal_value(label.encode(), kind=ObjectKind.DOCUMENT, clinic_id=clinic.pk)
            return Machine.objects.create(clinic=clinic, match_value=value, label_object_id=row.pk, label_sealed=blob)
    except IntegrityError:
        return Machine.objects.get(clinic=clinic, match_value=value)  # two doors met the same new machine


def labels_of(machines: Iterable[Machine]) -> dict[UUID, str]:
    """Return what each machine calls itself by key, with one query."""
    listed = {machine.pk: machine for machine in machines}
    opened = unseal_values({machine.label_object_id: machine.label_sealed for machine in listed.values()})
    return {
        key: opened[machine.label_object_id].decode() if machine.label_object_id in opened else UNREADABLE
        for key, machine in listed.items()
    }


def _label(manufacturer: str, model: str, station: str) -> str:
    """Return the words as a person reads them; many a model begins with the name of its maker."""
    kind = model if model.casefold().startswith(manufacturer.casefold()) else f"{manufacturer} {model}".strip()
    return ", ".join(filter(None, (kind, station)))
