"""Wraps a painted screen as an ultrasound file, with the painted identity in its header."""

import io

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, UltrasoundImageStorage, generate_uid

from deid.training.screens import Screen


def to_dicom(screen: Screen, *, regions: bool) -> bytes:
    """Return the bytes of an uncompressed US Image (PS3.3 A.6), with its regions (PS3.3 C.8.5.5) if asked for."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UltrasoundImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    file.StudyInstanceUID, file.SeriesInstanceUID = generate_uid(), generate_uid()
    file.Modality = "US"
    _identity(file, screen)
    _pixels(file, screen)
    if regions:
        file.SequenceOfUltrasoundRegions = Sequence([_region(part) for part in screen.parts])
    written = io.BytesIO()
    file.save_as(written, enforce_file_format=True)
    return written.getvalue()


def _identity(file: Dataset, screen: Screen) -> None:
    identity = screen.identity
    file.SpecificCharacterSet = "ISO_IR 192"
    file.PatientName, file.PatientID = identity.name, identity.record_number
    file.PatientBirthDate, file.StudyDate = identity.birth_date, identity.study_date
    file.AccessionNumber, file.InstitutionName = identity.accession, identity.hospital
    file.OperatorsName = list(identity.staff)


def _pixels(file: Dataset, screen: Screen) -> None:
    file.Rows, file.Columns = screen.pixels.shape[:2]
    file.SamplesPerPixel, file.PhotometricInterpretation, file.PlanarConfiguration = 3, "RGB", 0
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit, file.PixelRepresentation = 7, 0
    data = screen.pixels.tobytes()
    file.PixelData = data + b"\0" * (len(data) % 2)


def _region(part: tuple[int, int, int, int, int, int]) -> Dataset:
    x, y, w, h, spatial_format, data_type = part
    item = Dataset()
    item.RegionLocationMinX0, item.RegionLocationMinY0 = x, y
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = x + w - 1, y + h - 1
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = spatial_format, data_type, 0
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = 3
    item.PhysicalDeltaX = item.PhysicalDeltaY = 0.01
    return item
