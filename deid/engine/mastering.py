"""The clean DICOM master: new pixels under a new header, with every attribute that describes them (PS3.3 C.7.6.3)."""

import io

import numpy as np
import numpy.typing as npt
import pydicom
from PIL import Image
from pydicom import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
)

from deid.engine.frames import Shape

Pixels = npt.NDArray[np.uint8]

_QUALITY = 92
_SMALL_STILL = 4 * 1024 * 1024
_GROWTH = 3.2
_LOSSY_JPEG = frozenset({JPEGBaseline8Bit, JPEGExtended12Bit})


class Master:
    """Collects the cleaned frames of one instance, coded as the source's size allows.

    Uncompressed for a small still and where that stays within about three times the source; otherwise JPEG baseline
    where the source was lossy JPEG, lossless JPEG-LS where it was not.
    """

    def __init__(self, source: Dataset, shape: Shape, *, grey: bool) -> None:
        self._shape = shape
        self._grey = grey
        self._raw_size = shape.rows * shape.columns * (1 if grey else 3)
        self.syntax = self._chosen(UID(source.file_meta.TransferSyntaxUID), len(source.PixelData))
        self._coded: list[bytes] = []

    @property
    def lossy(self) -> bool:
        """Return whether coding adds loss of its own."""
        return bool(self.syntax == JPEGBaseline8Bit)

    def add(self, frame: Pixels) -> None:
        """Take one cleaned frame, `uint8` (rows, columns, 3)."""
        values = np.ascontiguousarray(frame[:, :, 0] if self._grey else frame)
        if self.syntax == ExplicitVRLittleEndian:
            self._coded.append(values.tobytes())
        elif self.syntax == JPEGBaseline8Bit:
            buffer = io.BytesIO()
            Image.fromarray(values).save(buffer, "JPEG", quality=_QUALITY, subsampling=1)
            self._coded.append(buffer.getvalue())
        else:
            self._coded.append(self._jpeg_ls(values))

    def finish(self, header: Dataset) -> bytes:
        """Return the DICOM file of `header` (as `tags.deidentify` makes it) and the frames taken so far."""
        colour = "YBR_FULL_422" if self.lossy else "RGB"
        header.SamplesPerPixel = 1 if self._grey else 3
        header.PhotometricInterpretation = "MONOCHROME2" if self._grey else colour
        if not self._grey:
            header.PlanarConfiguration = 0
        header.Rows, header.Columns = self._shape.rows, self._shape.columns
        header.BitsAllocated, header.BitsStored, header.HighBit = 8, 8, 7
        header.PixelRepresentation = 0
        if self.lossy:
            _record_loss(header, self._raw_size * len(self._coded) / sum(map(len, self._coded)))
        header.file_meta.TransferSyntaxUID = self.syntax
        if self.syntax == ExplicitVRLittleEndian:
            joined = b"".join(self._coded)
            header.add_new("PixelData", "OB", joined + b"\x00" * (len(joined) % 2))
        else:
            header.add_new("PixelData", "OB", encapsulate(self._coded))
            header["PixelData"].is_undefined_length = True
        buffer = io.BytesIO()
        pydicom.dcmwrite(buffer, header, enforce_file_format=True)
        return buffer.getvalue()

    def _chosen(self, source: UID, source_size: int) -> UID:
        whole = self._raw_size * self._shape.count
        small = self._shape.count == 1 and whole <= _SMALL_STILL
        if small or whole <= _GROWTH * source_size:
            return ExplicitVRLittleEndian
        return JPEGBaseline8Bit if source in _LOSSY_JPEG else JPEGLSLossless

    def _jpeg_ls(self, values: Pixels) -> bytes:
        return get_encoder(JPEGLSLossless).encode(
            values,
            rows=self._shape.rows,
            columns=self._shape.columns,
            samples_per_pixel=1 if self._grey else 3,
            photometric_interpretation="MONOCHROME2" if self._grey else "RGB",
            number_of_frames=1,
            bits_allocated=8,
            bits_stored=8,
            pixel_representation=0,
            planar_configuration=0,
        )


def _record_loss(header: Dataset, ratio: float) -> None:
    """Append this step to what is recorded of lossy compression (PS3.3 C.7.6.1.1.5)."""
    ratios, methods = header.get("LossyImageCompressionRatio"), header.get("LossyImageCompressionMethod")
    header.LossyImageCompression = "01"
    header.LossyImageCompressionRatio = [*_many(ratios), f"{ratio:.2f}"]
    header.LossyImageCompressionMethod = [*_many(methods), "ISO_10918_1"]


def _many(value: object) -> list[str]:
    if value is None or value == "":
        return []
    return [str(part) for part in value] if isinstance(value, (list, pydicom.multival.MultiValue)) else [str(value)]
