"""Patients' identities, sealed, and found again by a keyed digest."""

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.keyring import match_value
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.shredding import shred
from ultrasound_portal.vault.unsealing import unseal_value, unseal_values

SCOPE = "patients.identity"
UNNAMED = "No name given"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a study says the patient is.

    `name` is a DICOM person name (PS3.5 section 6.2, `family^given^middle^prefix^suffix`, groups apart by `=`)
    or plain text; `birth_date` is YYYYMMDD or empty.
    """

    name: str
    record_number: str
    birth_date: str

    def __repr__(self) -> str:
        return "Identity(...)"  # a name must not reach a log through a traceback


def find_or_create(clinic: Clinic, identity: Identity) -> Patient:
    """Return the clinic's patient of this identity, sealed and stored if she is new."""
    value = _match(clinic, identity)
    known = Patient.objects.filter(clinic=clinic, match_value=value).first()
    if known:
        return known
    try:
        with transaction.atomic():
            row, blob = seal_value(json.dumps(asdict(identity)).encode(), kind=ObjectKind.IDENTITY, clinic_id=clinic.id)
            return Patient.objects.create(
                clinic=clinic, identity_object_id=row.id, identity_sealed=blob, match_value=value
            )
    except IntegrityError:
        return Patient.objects.get(clinic=clinic, match_value=value)  # two doors met the same new patient


def find(clinic: Clinic, identity: Identity) -> Patient | None:
    """Return the clinic's patient of this very identity, spelled in any way, if there is one."""
    return Patient.objects.filter(clinic=clinic, match_value=_match(clinic, identity)).first()


def identity_of(patient: Patient) -> Identity:
    """Open the identity; raises VaultError, Destroyed after `forget`."""
    return Identity(**json.loads(unseal_value(patient.identity_object_id, patient.identity_sealed)))


def display_name(patient: Patient) -> str:
    """Return the name as a person reads it: `Family, Given`."""
    return readable(identity_of(patient).name)


def display_names(patients: Iterable[Patient]) -> dict[UUID, str]:
    """Return the readable name of each patient by key, with one query; a forgotten one is `No name given`."""
    listed = {patient.pk: patient for patient in patients}
    opened = unseal_values({patient.identity_object_id: patient.identity_sealed for patient in listed.values()})
    return {
        key: readable(json.loads(opened[patient.identity_object_id])["name"])
        if patient.identity_object_id in opened
        else UNNAMED
        for key, patient in listed.items()
    }


def forget(patient: Patient) -> None:
    """Destroy the key of the identity; the row stays, so that the trail still points at something."""
    shred(patient.identity_object_id)


def readable(name: str) -> str:
    """Return a DICOM person name as `Family, Given`; names all in capitals are put in ordinary case."""
    family, _, rest = name.partition("=")[0].partition("^")
    given = " ".join(rest.split("^")[:2])
    parts = [" ".join(part.split()) for part in (family, given)]
    written = ", ".join(part.title() if part.isupper() else part for part in parts if part)
    return written or UNNAMED


def _match(clinic: Clinic, identity: Identity) -> str:
    parts = [_plain(identity.name), _plain(identity.record_number), _plain(identity.birth_date)]
    return match_value(json.dumps([str(clinic.id), *parts]), scope=SCOPE)


def _plain(text: str) -> str:
    """Return text so that two spellings of one identity are equal: one form, one case, no separators."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\^=,\s]+", " ", folded).split())
