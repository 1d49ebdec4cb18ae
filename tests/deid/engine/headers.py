"""Builds invented ultrasound objects as bytes: a full header of made-up people, and small pictures."""

import copy
from io import BytesIO

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian

from deid.engine.disclosure import STRICTEST, Dates, Disclosure, Purpose
from deid.engine.header_values import coded

US_IMAGE = UID("1.2.840.10008.5.1.4.1.1.6.1")
US_MULTIFRAME = UID("1.2.840.10008.5.1.4.1.1.3.1")
SECONDARY_CAPTURE = UID("1.2.840.10008.5.1.4.1.1.7")

EVERYTHING = Disclosure(Purpose.CONSULTATION, dates=Dates.KEPT, linked=True, descriptors=True, characteristics=True)
DISCLOSURES = {
    "strictest": STRICTEST,
    "teaching": Disclosure.usual(Purpose.TEACHING),
    "research": Disclosure.usual(Purpose.RESEARCH),
    "everything": EVERYTHING,
}


def ultrasound(**changes: object) -> FileDataset:
    """Return an invented ultrasound still of 4 x 6 grey pixels; `changes` are attributes by keyword."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    values: dict[str, object] = {
        "SOPClassUID": US_IMAGE,
        "SOPInstanceUID": "1.2.3.4.5.6.19900312.77",
        "StudyInstanceUID": "1.2.3.4.5.6.1",
        "SeriesInstanceUID": "1.2.3.4.5.6.2",
        "Modality": "US",
        "ImageType": ["ORIGINAL", "PRIMARY", "OBSTETRICAL"],
        "Manufacturer": "Philips Medical Systems",
        "PatientName": "Mustermann^Erika^Marie",
        "PatientID": "MRN0048213",
        "PatientBirthDate": "19900312",
        "PatientSex": "F",
        "AccessionNumber": "ACC771234",
        "InstitutionName": "Klinikum Lindenhof",
        "StationName": "VOLUSON7",
        "DeviceSerialNumber": "SN99812",
        "ReferringPhysicianName": "Brinkmann^Ole",
        "OperatorsName": "Zhou^Li",
        "StudyDate": "20260114",
        "StudyTime": "143210",
        "InstanceNumber": 3,
        "SeriesNumber": 1,
        "Rows": 4,
        "Columns": 6,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "PixelRepresentation": 0,
        "PixelData": bytes(range(24)),
    }
    for keyword, value in (values | changes).items():
        if value is None:
            if keyword in dataset:
                delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", "")
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "")
    return dataset


def region(**changes: object) -> Dataset:
    """Return one calibrated region as scanners write it."""
    item = Dataset()
    values: dict[str, object] = {
        "RegionSpatialFormat": 1,
        "RegionDataType": 1,
        "RegionFlags": 3,
        "RegionLocationMinX0": 1,
        "RegionLocationMinY0": 1,
        "RegionLocationMaxX1": 5,
        "RegionLocationMaxY1": 3,
        "PhysicalUnitsXDirection": 3,
        "PhysicalUnitsYDirection": 3,
        "PhysicalDeltaX": 0.02622878766196998,
        "PhysicalDeltaY": 0.02622878766196998,
    }
    for keyword, value in (values | changes).items():
        setattr(item, keyword, value)
    return item


def nested(depth: int) -> Dataset:
    """Return a data set in a data set, `depth` times over."""
    item = Dataset()
    item.PatientID = "DEEP4711"
    for _ in range(depth):
        outer = Dataset()
        outer.RequestAttributesSequence = Sequence([item])
        item = outer
    return item


def written(dataset: Dataset) -> bytes:
    """Return the data set as a DICOM file."""
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def named(name: bytes, charset: str = "") -> bytes:
    """Return a file whose patient's name has these bytes, under any declared character set; none for ""."""
    data = written(ultrasound(PatientName="Q" * 64)).replace(b"Q" * 64, name.ljust(64))
    declared = charset.encode() + b" " * (len(charset) % 2)
    element = b"\x08\x00\x05\x00CS" + len(declared).to_bytes(2, "little") + declared if charset else b""
    start = data.index(b"\x08\x00\x08\x00CS")
    return data[:start] + element + data[start:]


def with_pixels(clean: Dataset, source: Dataset) -> Dataset:
    """Add black pixels of the source's size to a header that has none, as the renderer would."""
    rows, columns = int(source.Rows), int(source.Columns)
    clean.SamplesPerPixel = 1
    clean.PhotometricInterpretation = "MONOCHROME2"
    clean.Rows, clean.Columns = rows, columns
    clean.BitsAllocated, clean.BitsStored, clean.HighBit, clean.PixelRepresentation = 8, 8, 7, 0
    clean.PixelData = bytes(rows * columns * int(clean.get("NumberOfFrames", 1)))
    return clean


def full() -> Dataset:
    """Return a source that has every attribute that may be told, with values that may be told."""
    reference, context, day = Dataset(), Dataset(), Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = US_IMAGE, "1.2.3"
    context.ConceptNameCodeSequence = [coded(Code("18185-9", "LN", "Gestational Age"))]
    context.NumericValue = "152"
    context.MeasurementUnitsCodeSequence = [coded(Code("d", "UCUM", "day"))]
    day.ConceptNameCodeSequence, day.Date = [coded(Code("11778-8", "LN", "EDD"))], "20260920"
    moments = {f"{kind}Date": "20260114" for kind in ("Study", "Series", "Acquisition", "Content")}
    moments |= {f"{kind}Time": "143210" for kind in ("Study", "Series", "Acquisition", "Content")}
    texts = dict.fromkeys(
        ("StudyDescription", "SeriesDescription", "ProtocolName", "PerformedProcedureStepDescription"), "Fetal Echo"
    )
    return ultrasound(
        **moments,
        **texts,
        AcquisitionDateTime="20260114143210",
        StudyID="77",
        PatientAge="035Y",
        PatientSize="1.68",
        PatientWeight="61",
        PregnancyStatus=4,
        LastMenstrualDate="20250901",
        ReferencedImageSequence=Sequence([reference]),
        SourceImageSequence=Sequence([copy.deepcopy(reference)]),
        AcquisitionContextSequence=Sequence([context, day]),
    )
