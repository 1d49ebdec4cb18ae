"""What a brand would look like in every share format: the engine's own drawing, over a painted picture of nobody."""

import io
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, UltrasoundImageStorage

from deid.engine import cage
from deid.engine.brand import Brand
from deid.engine.formats import STILLS, Render

SECONDS = 20.0
_UID = UID("2.25.1")


def of_brand(brand: Brand) -> list[Render]:
    """Return the painted picture in every format for stills, kept nowhere; raises CageBroken, Held, Rejected."""
    return cage.shared().render(_master(), STILLS, cut=None, brand=brand, max_pixels=10**7, timeout=SECONDS)


@cache
def _master() -> bytes:
    """Return the painted picture as a clean master, as the engine takes it."""
    with Image.open(Path(settings.BASE_DIR) / "static" / "img" / "sample.jpg", formats=("JPEG",)) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID = UltrasoundImageStorage
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID = _UID
    data.StudyInstanceUID = data.SeriesInstanceUID = _UID
    data.Modality = "US"
    data.Rows, data.Columns = pixels.shape[:2]
    data.SamplesPerPixel, data.PhotometricInterpretation, data.PlanarConfiguration = 3, "RGB", 0
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    data.PixelData = pixels.tobytes()
    buffer = io.BytesIO()
    data.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
