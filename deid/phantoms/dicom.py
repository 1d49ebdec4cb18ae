"""Wraps a painted screen as a real ultrasound file, with an identity in its header and private blocks."""

import io
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
    generate_uid,
)

from deid.phantoms.person import Person
from deid.phantoms.spec import FRAMES_PER_SECOND, Phantom, Pixels, Region

_CENTIMETRE = 3


class Packing(StrEnum):
    """How the pixels are stored."""

    RGB = "rgb"
    MONOCHROME2 = "monochrome2"
    JPEG = "jpeg"


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The choices of one file; `study` tells studies of one patient apart."""

    packing: Packing = Packing.RGB
    regions: bool = True
    private: bool = True
    study: int = 1
    number: int = 1
    jpeg_quality: int = 90


def to_dicom(phantom: Phantom, person: Person, wrapping: Wrapping = Wrapping()) -> bytes:
    """Return the bytes of a US Image (PS3.3 A.6) or US Multi-frame Image (PS3.3 A.7) file."""
    cine = len(phantom.frames) > 1
    seed = [person.record_number, str(wrapping.study), str(wrapping.number), repr(phantom.spec)]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage if cine else UltrasoundImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[*seed, "instance"])
    meta.TransferSyntaxUID = JPEGBaseline8Bit if wrapping.packing is Packing.JPEG else ExplicitVRLittleEndian
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SOPClassUID, file.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    _who(file, phantom, person)
    _what(file, phantom, person, wrapping)
    _pixels(file, phantom.frames, wrapping)
    if cine:
        _cine(file, len(phantom.frames))
    if wrapping.regions:
        file.SequenceOfUltrasoundRegions = Sequence([_region(region) for region in phantom.regions])
    if wrapping.private:
        _private(file, phantom, person)
    buffer = io.BytesIO()
    file.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def _who(file: Dataset, phantom: Phantom, person: Person) -> None:
    file.SpecificCharacterSet = "ISO_IR 192"
    file.PatientName = person.name
    file.PatientID = person.record_number
    file.PatientBirthDate = person.birth_date
    file.PatientSex = "F"
    file.PregnancyStatus = 3
    file.ReferringPhysicianName = "Halvorsen^Signe^^Dr"
    file.PerformingPhysicianName = "Okonkwo^Ada"
    file.OperatorsName = "Rehn^Malin"
    file.InstitutionName = phantom.spec.hospital
    file.InstitutionAddress = "12 Linnet Lane, Wrenfield"
    file.AccessionNumber = person.accession


def _what(file: Dataset, phantom: Phantom, person: Person, wrapping: Wrapping) -> None:
    taken = phantom.spec.taken
    file.ImageType = ["ORIGINAL", "PRIMARY", "OBSTETRICAL", "0001"]
    file.Modality = "US"
    for tag in ("StudyDate", "SeriesDate", "ContentDate", "AcquisitionDateTime"):
        setattr(file, tag, taken.strftime("%Y%m%d%H%M%S" if tag.endswith("Time") else "%Y%m%d"))
    for tag in ("StudyTime", "SeriesTime", "ContentTime"):
        setattr(file, tag, taken.strftime("%H%M%S"))
    study = [person.record_number, str(wrapping.study)]
    file.StudyInstanceUID = generate_uid(entropy_srcs=[*study, "study"])
    file.SeriesInstanceUID = generate_uid(entropy_srcs=[*study, "series"])
    file.StudyID, file.SeriesNumber, file.InstanceNumber = str(wrapping.study), 1, wrapping.number
    file.StudyDescription = f"Second trimester {person.family}"
    file.PatientOrientation = ""
    file.BodyPartExamined = "UTERUS"
    file.Manufacturer = "Norrland Acoustics"
    file.ManufacturerModelName = "Orbelle 8"
    file.DeviceSerialNumber = "NA8-004417"
    file.StationName = "USROOM2"
    file.SoftwareVersions = "3.1.4"
    file.BurnedInAnnotation = "YES" if phantom.truth else "NO"


def _pixels(file: Dataset, frames: Pixels, wrapping: Wrapping) -> None:
    file.Rows, file.Columns = frames.shape[1:3]
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit, file.PixelRepresentation = 7, 0
    file.UltrasoundColorDataPresent = 0
    file.LossyImageCompression = "00"
    if wrapping.packing is Packing.MONOCHROME2:
        file.SamplesPerPixel, file.PhotometricInterpretation = 1, "MONOCHROME2"
        grey = (frames.astype(np.uint16) @ np.array([77, 150, 29], np.uint16)) >> 8
        _raw(file, grey.astype(np.uint8).tobytes())
        return
    file.SamplesPerPixel, file.PlanarConfiguration = 3, 0
    file.PhotometricInterpretation = "RGB"
    if wrapping.packing is Packing.RGB:
        _raw(file, frames.tobytes())
        return
    file.PhotometricInterpretation = "YBR_FULL_422"
    coded = [_jpeg(frame, wrapping.jpeg_quality) for frame in frames]
    file.PixelData = encapsulate(coded)
    file["PixelData"].VR = "OB"
    file.LossyImageCompression = "01"
    file.LossyImageCompressionMethod = "ISO_10918_1"
    file.LossyImageCompressionRatio = f"{frames.nbytes / sum(map(len, coded)):.2f}"


def _raw(file: Dataset, data: bytes) -> None:
    file.PixelData = data + b"\0" * (len(data) % 2)
    file["PixelData"].VR = "OB"


def _jpeg(frame: Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(frame).save(buffer, "JPEG", quality=quality, subsampling="4:2:2")
    return buffer.getvalue()


def _cine(file: Dataset, frames: int) -> None:
    file.NumberOfFrames = frames
    file.FrameTime = f"{1000 / FRAMES_PER_SECOND:g}"
    file.FrameIncrementPointer = 0x00181063
    file.CineRate = FRAMES_PER_SECOND


def _region(region: Region) -> Dataset:
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = (
        region.spatial_format,
        region.data_type,
        0,
    )
    item.RegionLocationMinX0, item.RegionLocationMinY0 = region.x0, region.y0
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = region.x1, region.y1
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = _CENTIMETRE
    item.PhysicalDeltaX = item.PhysicalDeltaY = region.spacing
    return item


def _private(file: Dataset, phantom: Phantom, person: Person) -> None:
    block = file.private_block(0x0019, "NORRLAND ACOUSTICS 1.0", create=True)
    block.add_new(0x01, "LO", person.printed_name)
    block.add_new(0x02, "LO", person.record_number)
    block.add_new(0x03, "DA", person.birth_date)
    block.add_new(0x04, "LT", f"{phantom.spec.hospital}; {person.given} {person.family}; {person.accession}")
    block.add_new(0x05, "OB", person.printed_name.encode("utf-16-le"))
