"""The one gate: every instance, whichever door it came by, is peeked at, sealed and written down here."""

import contextlib
import hashlib
import re
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from deid.engine import cage, exports, headless
from deid.engine.errors import CageBroken
from deid.engine.intake import Peek
from deid.models import Instance, Study
from deid.services.machines import find_or_create as find_machine
from deid.services.matching import nobodys
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.jobs import leases
from ultrasound_portal.patients.services import Identity, find_or_create
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.keyring import match_value
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.sealing import seal_file

_DATE = re.compile(r"[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an accepted instance: newly received, or already here."""

    outcome: Literal["received", "repeated"]
    instance_id: UUID


@dataclass(frozen=True, slots=True)
class _Keys:
    sop: str
    content: str
    study: str
    plain: bool


def receive(data: bytes, *, clinic: Clinic, actor: str, door: str, batch: UUID | None = None) -> Receipt:
    """Take one DICOM object, or a plain picture or film, in; when this returns, it is sealed, written down and queued.

    Plain ones of one `batch` are one study, of a patient whom somebody still has to name. The bytes are read by the
    caged child only. Raises Rejected for what is not an ultrasound picture, with nothing stored, and CageBroken where
    two children broke over it.
    """
    peek = _peek(data)
    plain = exports.is_export(data)
    study_number = str(batch) if plain and batch else peek.study_instance_uid
    keys = _Keys(
        sop=match_value(peek.sop_instance_uid, scope=f"sop:{clinic.id}"),
        content=match_value(hashlib.sha256(_content(data)).hexdigest(), scope=f"content:{clinic.id}"),
        study=match_value(study_number, scope=f"study:{clinic.id}"),
        plain=plain,
    )
    known = _known(clinic, keys)
    if known is None:
        try:
            instance = _take_in(data, peek, keys, clinic=clinic, actor=actor, door=door)
        except IntegrityError:
            known = _known(clinic, keys)
            if known is None:
                raise
        else:
            return Receipt("received", instance.id)
    with transaction.atomic():
        _audit(Event.INSTANCE_REPEATED, known, actor=actor, door=door)
    return Receipt("repeated", known.id)


def _peek(data: bytes) -> Peek:
    """Ask twice before a file is blamed: a child may be killed for want of memory, or start late on a busy machine."""
    try:
        return cage.shared().peek(data)
    except CageBroken:
        return cage.shared().peek(data)


def _content(data: bytes) -> bytes:
    """Return the object itself: the preamble is for the sender's own use (PS3.10 section 7.1)."""
    return data[headless.START :] if headless.has_start(data) else data


def _known(clinic: Clinic, keys: _Keys) -> Instance | None:
    return Instance.objects.select_related("study").filter(content_match=keys.content, clinic=clinic).first()


def _take_in(data: bytes, peek: Peek, keys: _Keys, *, clinic: Clinic, actor: str, door: str) -> Instance:
    """Seal first, since a large file takes its time, and write everything down in one short transaction.

    The file goes again where that fails.
    """
    original = seal_file(data, kind=ObjectKind.ORIGINAL, clinic_id=clinic.id)
    with contextlib.ExitStack() as undo:
        undo.callback(stores.delete, original.store_key)
        with transaction.atomic():
            original.save(force_insert=True)
            instance = _write_down(original, peek, keys, clinic)
            _audit(Event.INSTANCE_RECEIVED, instance, actor=actor, door=door)
            leases.enqueue("process_instance", instance.id, clinic_id=clinic.id)
            undo.pop_all()
    return instance


def _write_down(original: SealedObject, peek: Peek, keys: _Keys, clinic: Clinic) -> Instance:
    patient = find_or_create(clinic, nobodys(keys.study) if keys.plain else _identity(peek))
    study, _ = Study.objects.get_or_create(
        clinic=clinic, patient=patient, study_match=keys.study, defaults={"nameless": keys.plain}
    )
    study = Study.objects.select_for_update().get(pk=study.pk)
    last = study.instances.aggregate(last=Max("number"))["last"]
    return Instance.objects.create(
        clinic=clinic,
        study=study,
        number=(last or 0) + 1,
        sop_match=keys.sop,
        content_match=keys.content,
        original_id=original.id,
        rows=peek.rows,
        columns=peek.columns,
        frames=peek.frames,
        machine=find_machine(clinic, manufacturer=peek.manufacturer, model=peek.model, station=peek.station),
    )


def _identity(peek: Peek) -> Identity:
    return Identity(
        name=peek.patient_name,
        record_number=peek.patient_id,
        birth_date=peek.birth_date if _DATE.fullmatch(peek.birth_date) else "",
    )


def _audit(event: Event, instance: Instance, *, actor: str, door: str) -> None:
    trail.record(
        event,
        actor=actor,
        clinic_id=instance.clinic_id,
        object_kind="instance",
        object_id=instance.id,
        patient_id=instance.study.patient_id,
        detail={"door": door},
    )
