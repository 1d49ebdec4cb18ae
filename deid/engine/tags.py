"""Builds the header of the clean instance from nothing: only what the allow-list names is put in.

Private elements, overlays, icons, curves and everything unlisted are absent because nobody put them there.
"""

from collections.abc import Iterable

from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import UID, ExplicitVRLittleEndian

from deid.engine import profile_table as table
from deid.engine import pseudonyms
from deid.engine.intake import SECONDARY_CAPTURE, UNREADABLE, frames_of, text

_MAX_REGIONS = 256
# frames a second where nothing tells, as in the films for patients; the pointer to the timing is type 1C
_USUAL_RATE = 25


def deidentify(dataset: Dataset, *, secret: bytes, burned_in_clean: bool) -> Dataset:
    """Return a new data set for the same picture: header and file meta, without the image pixel module.

    `burned_in_clean` says that the pixels were cleaned and passed the second look; only then does the header claim it
    (PS3.15 E.1.1, code 113101; PS3.3 C.7.6.1, BurnedInAnnotation). The caller adds the pixels and the attributes that
    describe them, and sets the transfer syntax. Raises Rejected(DAMAGED) where a needed element cannot be read.
    """
    clean = Dataset()
    sop_class_uid = _sop_class(dataset)
    clean.SOPClassUID = UID(sop_class_uid)
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        setattr(clean, keyword, UID(pseudonyms.uid(text(dataset, keyword), secret=secret)))
    for keyword in table.EMPTY:
        setattr(clean, keyword, "")
    for number in table.NUMBERS_OR_EMPTY:
        setattr(clean, number.keyword, "")
    _copy_numbers(dataset, clean, (*table.NUMBERS_OR_EMPTY, *table.NUMBERS))
    _set_terms(dataset, clean)
    _set_person(dataset, clean, secret=secret)
    _set_method(clean, burned_in_clean=burned_in_clean)
    _set_frames(dataset, clean)
    _set_regions(dataset, clean)
    if sop_class_uid not in (table.US_IMAGE, table.US_MULTIFRAME):
        _set_capture(dataset, clean)
    clean.file_meta = _file_meta(clean)
    return clean


def _sop_class(dataset: Dataset) -> str:
    """Return the current class for the object: retired ones and misused single-frame ones are brought up to date."""
    sop_class_uid = text(dataset, "SOPClassUID")
    many = frames_of(dataset) > 1
    if sop_class_uid in SECONDARY_CAPTURE:
        if sop_class_uid == table.SC_IMAGE and not many:
            return table.SC_IMAGE
        grey = text(dataset, "PhotometricInterpretation").startswith("MONOCHROME")
        return table.SC_GREY_MULTIFRAME if grey else table.SC_COLOUR_MULTIFRAME
    multiframe = sop_class_uid.startswith("1.2.840.10008.5.1.4.1.1.3")
    return table.US_MULTIFRAME if many or multiframe else table.US_IMAGE


def _copy_numbers(source: Dataset, target: Dataset, numbers: Iterable[table.Number]) -> None:
    for number in numbers:
        values = _plausible(source, number)
        if values:
            setattr(target, number.keyword, values if number.most > 1 else values[0])


def _plausible(source: Dataset, number: table.Number) -> list[float | int]:
    """Return the values as plain numbers, or nothing where one is missing, out of range or not a number."""
    value = source.get(number.keyword, None)
    if value is None or isinstance(value, bytes):
        return []
    try:
        values = [float(item) for item in ([value] if isinstance(value, (int, float, str)) else value)]
    except UNREADABLE:
        return []
    if len(values) > number.most or not all(number.low <= item <= number.high for item in values):
        return []
    return [_tidy(item, dictionary_VR(number.keyword)) for item in values]


def _tidy(value: float, vr: str) -> float | int:
    """Write a number anew, so that nothing can hide in leading zeros, in far decimals or in the way it was spelt."""
    if vr == "FD":
        return value
    return round(value, 3) if vr == "DS" and not value.is_integer() else int(value)


def _set_terms(dataset: Dataset, clean: Dataset) -> None:
    """Set coded strings; values outside the defined terms are left out."""
    clean.Modality = "US"
    clean.Manufacturer = _maker(text(dataset, "Manufacturer"))
    kind = _third_image_type(dataset)
    clean.ImageType = ["DERIVED", "PRIMARY", kind] if kind else ["DERIVED", "PRIMARY"]
    transducer = text(dataset, "TransducerType")
    if transducer in table.TRANSDUCER_TYPES:
        clean.TransducerType = transducer
    laterality = text(dataset, "Laterality")
    clean.Laterality = laterality if laterality in ("L", "R") else ""
    clean.LongitudinalTemporalInformationModified = "REMOVED"
    if text(dataset, "LossyImageCompression") == "01":
        clean.LossyImageCompression = "01"


def _maker(name: str) -> str:
    folded = name.upper()
    for word, maker in table.MAKERS.items():
        if folded.startswith(word):
            return maker
    return ""


def _third_image_type(dataset: Dataset) -> str:
    values = dataset.get("ImageType", None)
    if isinstance(values, (str, bytes)) or values is None or len(values) < 3:
        return ""
    return str(values[2]) if str(values[2]) in table.IMAGE_TYPES else ""


def _set_person(dataset: Dataset, clean: Dataset, *, secret: bytes) -> None:
    """Name and ID become one code; a patient keeps it within the same secret, whatever the name's spelling."""
    number = text(dataset, "PatientID")
    parts = (number,) if number else ("", text(dataset, "PatientName"), text(dataset, "PatientBirthDate"))
    code = pseudonyms.patient(*parts, secret=secret)
    clean.PatientName = code
    clean.PatientID = code


def _set_method(clean: Dataset, *, burned_in_clean: bool) -> None:
    codes = [table.BASIC_PROFILE, table.CLEAN_PIXELS] if burned_in_clean else [table.BASIC_PROFILE]
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = table.METHOD
    clean.DeidentificationMethodCodeSequence = Sequence(_code(*code) for code in codes)
    clean.BurnedInAnnotation = "NO" if burned_in_clean else "YES"


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = "DCM"
    item.CodeMeaning = meaning
    return item


def _set_frames(dataset: Dataset, clean: Dataset) -> None:
    """Set the count and the timing of a film (PS3.3 C.7.6.5 and C.7.6.6)."""
    frames = frames_of(dataset)
    if clean.SOPClassUID in (table.US_IMAGE, table.SC_IMAGE):
        return
    clean.NumberOfFrames = frames
    _copy_numbers(dataset, clean, table.TIMING)
    if "FrameTimeVector" in clean and len(_plausible(clean, table.TIMING[1])) != frames:
        del clean.FrameTimeVector
    if "FrameTime" not in clean and "FrameTimeVector" not in clean:
        clean.FrameTime = round(1000 / float(clean.get("CineRate", _USUAL_RATE)), 3)
    if "FrameTimeVector" in clean and "FrameTime" not in clean:
        clean.FrameIncrementPointer = Tag("FrameTimeVector")
    else:
        clean.FrameIncrementPointer = Tag("FrameTime")


def _set_regions(dataset: Dataset, clean: Dataset) -> None:
    """Rebuild the calibrated regions item by item (PS3.3 C.8.5.5); an incomplete item is left out."""
    items = []
    for source in (dataset.get("SequenceOfUltrasoundRegions") or ())[:_MAX_REGIONS]:
        item = Dataset()
        _copy_numbers(source, item, table.REGION_REQUIRED)
        if len(item) == len(table.REGION_REQUIRED):
            _copy_numbers(source, item, table.REGION_OPTIONAL)
            items.append(item)
    if items:
        clean.SequenceOfUltrasoundRegions = Sequence(items)


def _set_capture(dataset: Dataset, clean: Dataset) -> None:
    """Secondary captures say how they were made (PS3.3 C.8.6.1)."""
    conversion = text(dataset, "ConversionType")
    clean.ConversionType = conversion if conversion in table.CONVERSION_TYPES else "WSD"


def _file_meta(clean: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(table.IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = table.IMPLEMENTATION_VERSION
    return meta
