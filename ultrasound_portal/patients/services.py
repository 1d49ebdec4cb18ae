"""Patients' identities, sealed, and found again by a keyed digest."""

import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients import care
from ultrasound_portal.patients.erasing import erase_all
from ultrasound_portal.patients.finding import write_terms
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.vault.keyring import match_value
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
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
    value = _match(clinic.id, identity)
    known = Patient.objects.filter(clinic=clinic, match_value=value).first()
    if known:
        return known
    try:
        with transaction.atomic():
            row, blob = seal_value(json.dumps(asdict(identity)).encode(), kind=ObjectKind.IDENTITY, clinic_id=clinic.id)
            made = Patient.objects.create(
                clinic=clinic, identity_object_id=row.id, identity_sealed=blob, match_value=value
            )
            _let_be_found(made, identity)
            return made
    except IntegrityError:
        return Patient.objects.get(clinic=clinic, match_value=value)  # two doors met the same new patient


def index_all() -> int:
    """Let every patient be found whose terms are not written yet, and return how many those were."""
    missing = Patient.objects.filter(search_terms=None)
    living = missing.filter(identity_object_id__in=SealedObject.objects.filter(destroyed_at=None).values("pk"))
    done = 0
    for patient in living.iterator():
        with transaction.atomic():
            _let_be_found(patient, identity_of(patient))
        done += 1
    return done


def _let_be_found(patient: Patient, identity: Identity) -> None:
    write_terms(patient, **asdict(identity))


def find(clinic: Clinic, identity: Identity) -> Patient | None:
    """Return the clinic's patient of this very identity, spelled in any way, if there is one."""
    return Patient.objects.filter(clinic=clinic, match_value=_match(clinic.id, identity)).first()


def identity_of(patient: Patient) -> Identity:
    """Open the identity; raises VaultError, Destroyed after `forget`."""
    return Identity(**json.loads(unseal_value(patient.identity_object_id, patient.identity_sealed)))


def note_language(patient: Patient, language: str) -> None:
    """Keep the language that a patient reads, as a BCP 47 tag."""
    Patient.objects.filter(pk=patient.pk).update(language=language)
    patient.language = language


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


def index_key_fits() -> bool | None:
    """Say whether a living patient is found again by the index key that is here; None where nobody can be asked."""
    living = SealedObject.objects.filter(destroyed_at=None, kind=ObjectKind.IDENTITY).values("pk")
    patient = Patient.objects.filter(identity_object_id__in=living).order_by("created_at").first()
    if patient is None:
        return None
    return hmac.compare_digest(_match(patient.clinic_id, identity_of(patient)), patient.match_value)


@transaction.atomic
def forget(patient: Patient, *, actor: str) -> None:
    """Destroy the keys of her identity and of all that the rooms above keep sealed of her; the rows stay.

    They stay so that the trail still points at something. A later study of hers finds nobody and makes a new patient.
    Raises ErasureRefused where something of hers must be kept.
    """
    locked = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    erase_all(locked, actor)
    care.shred_statuses(locked)
    shred(locked.identity_object_id)
    locked.search_terms.all().delete()
    locked.match_value = secrets.token_hex(32)
    locked.save(update_fields=["match_value"])
    record(
        Event.PATIENT_FORGOTTEN,
        actor=actor,
        clinic_id=locked.clinic_id,
        object_kind="patient",
        object_id=locked.pk,
        patient_id=locked.pk,
    )


def readable(name: str) -> str:
    """Return a DICOM person name as `Family, Given`; names all in capitals are put in ordinary case."""
    family, _, rest = name.partition("=")[0].partition("^")
    given = " ".join(rest.split("^")[:2])
    parts = [" ".join(part.split()) for part in (family, given)]
    written = ", ".join(part.title() if part.isupper() else part for part in parts if part)
    return written or UNNAMED


def readable_day(birth_date: str) -> str:
    """Return YYYYMMDD as a person writes a day; what is no date stays as it came."""
    try:
        return date_format(datetime.strptime(birth_date, "%Y%m%d").date(), "j F Y")  # noqa: DTZ007 - a bare date
    except ValueError:
        return birth_date


def _match(clinic_id: UUID, identity: Identity) -> str:
    parts = [_plain(identity.name), _plain(identity.record_number), _plain(identity.birth_date)]
    return match_value(json.dumps([str(clinic_id), *parts]), scope=SCOPE)


def _plain(text: str) -> str:
    """Return text so that two spellings of one identity are equal: one form, one case, no separators."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\^=,\s]+", " ", folded).split())
