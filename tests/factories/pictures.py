"""Ultrasound files as bytes, and stored pictures at any point of their road."""

import hashlib
import io
from itertools import count

import numpy as np
from django.utils import timezone
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundImageStorage, generate_uid

from deid.engine.geometry import Box, Why
from deid.models import Artefact, Instance, Run, Study
from deid.states import PATIENT_KINDS, WITH_REASON, ArtefactKind, InstanceState, RunStatus
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.patients import make_patient
from tests.samples import named
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal

ROWS, COLUMNS = 60, 80
WITH_RUN = {InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED}
MEDIA = {
    ArtefactKind.MASTER: "application/dicom",
    ArtefactKind.STILL_PNG: "image/png",
    ArtefactKind.THUMBNAIL: "image/jpeg",
    ArtefactKind.SOURCE_STILL: "image/png",
}
_numbers = count(1)


def ultrasound_bytes(
    *,
    name: str = "Testwoman^Anna",
    record: str = "MRN77001",
    study_uid: str = "",
    sop_uid: str = "",
    station: str = "",
) -> bytes:
    """Return a small valid ultrasound picture with the given identity and fresh numbers."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    meta.MediaStorageSOPInstanceUID = sop_uid or generate_uid()
    data = Dataset()
    data.file_meta = meta
    data.SOPClassUID = UltrasoundImageStorage
    data.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    data.StudyInstanceUID = study_uid or generate_uid()
    data.SeriesInstanceUID = generate_uid()
    data.PatientName, data.PatientID, data.PatientBirthDate = name, record, "19900704"
    data.Modality = "US"
    data.Manufacturer, data.ManufacturerModelName, data.StationName = "Orbelle", "8", station or "ROOM 2"
    data.Rows, data.Columns = ROWS, COLUMNS
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    data.PixelData = np.full((ROWS, COLUMNS), 40, np.uint8).tobytes()
    return _written(data)


def plain_bytes(kind: str = "PNG", *, seed: int | None = None) -> bytes:
    """Return a plain picture as machines export them, each another one."""
    out = io.BytesIO()
    grain = np.random.default_rng(next(_numbers) if seed is None else seed).integers(
        0, 90, (ROWS, COLUMNS, 3), np.uint8
    )
    Image.fromarray(grain).save(out, kind)
    return out.getvalue()


def sample_bytes(file_name: str, *, study_uid: str = "", sop_uid: str = "") -> bytes:
    """Return a public sample under fresh numbers, so that it can be received many times."""
    data = dcmread(named(file_name))
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = sop_uid or generate_uid()
    data.StudyInstanceUID = study_uid or generate_uid()
    return _written(data)


def make_study(clinic: Clinic | None = None) -> Study:
    """Return an empty study of a new patient."""
    clinic = clinic or make_clinic()
    return Study.objects.create(clinic=clinic, patient=make_patient(clinic), study_match=f"{next(_numbers):064x}")


def make_picture(
    study: Study | None = None,
    state: InstanceState = InstanceState.CLEAN,
    *,
    reason: str = "",
    frames: int = 1,
    outputs: bool = True,
    tells_sex: bool = False,
) -> Instance:
    """Return a stored picture in the given state, with sealed files where that state has them."""
    study = study or make_study()
    number = next(_numbers)
    if state in WITH_REASON and not reason:
        reason = "area_uncertain"
    original = seal(b"original", kind=ObjectKind.ORIGINAL, clinic_id=study.clinic_id)
    instance = Instance.objects.create(
        clinic=study.clinic,
        study=study,
        number=study.instances.count() + 1,
        sop_match=f"{number:064x}",
        content_match=hashlib.sha256(str(number).encode()).hexdigest(),
        original_id=original.id,
        rows=ROWS,
        columns=COLUMNS,
        frames=frames,
        tells_sex=tells_sex,
    )
    if state in WITH_RUN:
        held = state == InstanceState.HELD
        instance.current_run = make_run(instance, reason if held else "", outputs=outputs)
    instance.state, instance.reason = state, reason
    if state == InstanceState.RELEASED:
        instance.released_at, instance.released_by = timezone.now(), make_staff(study.clinic)
        instance.sex_wanted = tells_sex
    instance.save()
    return instance


def make_run(instance: Instance, reason: str = "", *, outputs: bool = True) -> Run:
    """Return a finished run with its artefacts."""
    box = Box(0, 0, instance.columns, 10, 0, instance.frames - 1, Why.OUTSIDE)
    run = Run.objects.create(
        instance=instance,
        started_at=timezone.now(),
        finished_at=timezone.now(),
        status=RunStatus.HELD if reason else RunStatus.CLEAN,
        reason=reason,
        report={
            "engine": 1,
            "boxes": [box.to_json()],
            "seconds": {"decode": 0.1, "verify": 0.2},
            "flags": [],
            "origin": [0, 0],
            "detector": "",
        },
        policy={"version": 0},
        brand_version=1,
    )
    for kind in MEDIA if outputs else ():
        make_artefact(run, kind)
    return run


def make_artefact(run: Run, kind: ArtefactKind, data: bytes = b"") -> Artefact:
    """Return one sealed file of a run; its bytes name its kind unless given."""
    sealed = seal(data or f"{kind.value} {run.pk}".encode(), kind=ObjectKind.ARTEFACT, clinic_id=run.instance.clinic_id)
    return Artefact.objects.create(
        instance=run.instance,
        run=run,
        kind=kind,
        object_id=sealed.id,
        sha256=sealed.sha256,
        size=sealed.size,
        media_type=MEDIA.get(kind, "video/mp4"),
        width=COLUMNS,
        height=ROWS,
        brand_version=1 if kind in PATIENT_KINDS else None,
    )


def _written(data: Dataset) -> bytes:
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
