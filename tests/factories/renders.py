"""Clean masters of painted sectors, and files made for sharing that stand ready without an engine's run."""

import io
from functools import cache

import numpy as np
from django.utils import timezone
from pydicom import dcmread
from pydicom.uid import UltrasoundMultiFrameImageStorage

from deid.engine.brand import Brand
from deid.engine.formats import FILMS, STILLS, Format
from deid.models import Artefact, Instance, Render
from deid.states import ArtefactKind
from tests.factories.media import SIDES, film, painted
from tests.factories.pictures import ultrasound_bytes
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal

BRAND = Brand(
    name="Hillside Scans",
    line="Pictures with care",
    background="#1f4e5f",
    ink="#ffffff",
    web="hillside.example",
    handle="@hillsidescans",
)


@cache
def master_bytes(frames: int = 1, *, rows: int = 180, columns: int = 240) -> bytes:
    """Return a small clean master whose bright round moves from frame to frame."""
    data = dcmread(io.BytesIO(ultrasound_bytes(name="", record="")))
    y, x = np.mgrid[:rows, :columns]
    pixels = []
    for number in range(frames):
        turn = 2 * np.pi * number / max(1, frames)
        away = np.hypot(y - rows / 2 - 20 * np.sin(turn), x - columns / 2 - 30 * np.cos(turn))
        pixels.append(np.clip(190 - 2.2 * away, 0, 255).astype(np.uint8))
    data.Rows, data.Columns = rows, columns
    if frames > 1:
        data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
        data.NumberOfFrames, data.FrameTime = frames, "50"
    data.PixelData = np.stack(pixels).tobytes()
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def give_master(instance: Instance, frames: int = 1) -> None:
    """Put a real master in the place of the one that the scene made up."""
    sealed = seal(master_bytes(frames), kind=ObjectKind.ARTEFACT, clinic_id=instance.clinic_id)
    master = Artefact.objects.filter(instance=instance, kind=ArtefactKind.MASTER)
    master.update(object_id=sealed.id, sha256=sealed.sha256, size=sealed.size)
    Instance.objects.filter(pk=instance.pk).update(frames=frames)


def give_original(instance: Instance, frames: int = 1, **told: object) -> None:
    """Put a master in its place, and the file it was made from: the same picture under the header of Anna Testwoman."""
    give_master(instance, frames)
    data = dcmread(io.BytesIO(master_bytes(frames)))
    known = {
        "PatientName": "Testwoman^Anna",
        "PatientID": "MRN77001",
        "PatientBirthDate": "19900704",
        "StudyDate": "20260114",
        "StudyTime": "143210",
        "PatientAge": "035Y",
    }
    for keyword, value in (known | told).items():
        setattr(data, keyword, value)
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    sealed = seal(buffer.getvalue(), kind=ObjectKind.ORIGINAL, clinic_id=instance.clinic_id)
    Instance.objects.filter(pk=instance.pk).update(original_id=sealed.id)


def place_renders(instance: Instance, *, version: int | None = None) -> list[Render]:
    """Write renders of a released picture as a finished job does, of small bytes painted here."""
    made = []
    for number, wanted in enumerate((*STILLS, *(FILMS if instance.frames > 1 else ()))):
        moves = wanted in FILMS
        basis = Artefact.objects.get(instance=instance, kind=ArtefactKind.FILM if moves else ArtefactKind.STILL_PNG)
        data = film(number) if moves else painted("JPEG", number + 3)
        sealed = seal(data, kind=ObjectKind.ARTEFACT, clinic_id=instance.clinic_id)
        made.append(
            Render.objects.create(
                instance=instance,
                basis=basis,
                basis_sha256=basis.sha256,
                format=wanted,
                object_id=sealed.id,
                sha256=sealed.sha256,
                size=sealed.size,
                media_type="video/mp4" if moves else "image/jpeg",
                width=SIDES[0],
                height=SIDES[1],
                brand_version=version or current_brand(instance.clinic).version,
                made_at=timezone.now(),
            )
        )
    return made


def render_of(instance: Instance, wanted: Format = Format.SQUARE) -> Render:
    """Return one render of a picture."""
    return Render.objects.get(instance=instance, format=wanted)
