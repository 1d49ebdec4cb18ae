"""Opens one uploaded file: structure and budgets first, the parser second; only ultrasound pictures come through.

A plain picture or film is made into a capture first, and then goes the same way.
"""

import re
import struct
import warnings
from dataclasses import dataclass
from io import BytesIO

import pydicom
from pydicom.charset import convert_encodings
from pydicom.config import IGNORE, settings
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileDataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.values import convert_SQ

from deid.engine import exports, headless, prescan
from deid.engine.errors import Rejected, RejectReason

# The parser's remarks on bad values quote the values: what is unreadable is found by its type, and nothing is logged.
settings.reading_validation_mode = IGNORE

ULTRASOUND = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.6.1",
        "1.2.840.10008.5.1.4.1.1.3.1",
        "1.2.840.10008.5.1.4.1.1.6",
        "1.2.840.10008.5.1.4.1.1.3",
    }
)
SECONDARY_CAPTURE = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.7",
        "1.2.840.10008.5.1.4.1.1.7.1",
        "1.2.840.10008.5.1.4.1.1.7.2",
        "1.2.840.10008.5.1.4.1.1.7.3",
        "1.2.840.10008.5.1.4.1.1.7.4",
    }
)
MAX_SAMPLES = 1_200_000_000
# a screen of 4096 x 2304; a flood of pixels is refused before anything is decoded
MAX_FRAME = 4096 * 2304

# Everything that pydicom is known to raise for a value that cannot be what it says; never a blanket Exception.
UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BytesLengthException,
    EOFError,
    InvalidDicomError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)

_DICOMDIR = "1.2.840.10008.1.3.10"
_DOCUMENTS = "1.2.840.10008.5.1.4.1.1.104."
_REPORTS = "1.2.840.10008.5.1.4.1.1.88."
_PRESENTATIONS = "1.2.840.10008.5.1.4.1.1.11."
_UID = re.compile(r"[0-9.]{1,64}")
# the representations that SpecificCharacterSet governs (PS3.3 C.12.1.1.2)
_TEXT_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
# PS3.5 6.2: a long string has at most so many characters
_MOST_TOLD = 64
_PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


@dataclass(frozen=True, slots=True)
class Peek:
    """What the front desk needs to know about a file: identity, place in the study, size and machine; all decoded."""

    sop_class_uid: str
    sop_instance_uid: str
    series_instance_uid: str
    study_instance_uid: str
    transfer_syntax_uid: str
    patient_name: str
    patient_id: str
    birth_date: str
    rows: int
    columns: int
    frames: int
    instance_number: int
    manufacturer: str
    model: str
    station: str


def read(data: bytes) -> FileDataset:
    """Return the parsed data set with every element converted once; what cannot be converted stays as raw bytes.

    Raises Rejected with any reason but those of ZIP files.
    """
    dataset, _ = _opened(data)
    return dataset


def peek(data: bytes) -> Peek:
    """Return who and what the file says it is, without decoding a pixel. Raises Rejected as `read` does.

    A plain picture or film names nobody; its UIDs are made of its content.
    """
    if exports.is_export(data):
        return _peek_at_export(data)
    dataset, transfer_syntax_uid = _opened(data)
    return Peek(
        sop_class_uid=text(dataset, "SOPClassUID"),
        sop_instance_uid=text(dataset, "SOPInstanceUID"),
        series_instance_uid=text(dataset, "SeriesInstanceUID"),
        study_instance_uid=text(dataset, "StudyInstanceUID"),
        transfer_syntax_uid=transfer_syntax_uid,
        patient_name=text(dataset, "PatientName"),
        patient_id=text(dataset, "PatientID"),
        birth_date=text(dataset, "PatientBirthDate"),
        rows=whole(dataset, "Rows", 0),
        columns=whole(dataset, "Columns", 0),
        frames=frames_of(dataset),
        instance_number=whole(dataset, "InstanceNumber", 0),
        manufacturer=_told(dataset, "Manufacturer"),
        model=_told(dataset, "ManufacturerModelName"),
        station=_told(dataset, "StationName"),
    )


def _told(dataset: Dataset, keyword: str) -> str:
    """Return what the machine says of itself, or "" for anything but one short text; no picture is refused for it."""
    value = dataset.get(keyword, None)
    return value.strip(" \0")[:_MOST_TOLD] if isinstance(value, str) else ""


def text(dataset: Dataset, keyword: str) -> str:
    """Return a single text value, decoded and stripped, or "". Raises Rejected(DAMAGED) for anything else."""
    element = dataset.get(keyword, None)
    if element is None or element == "":
        return ""
    if isinstance(element, (bytes, pydicom.Sequence)):
        raise Rejected(RejectReason.DAMAGED)
    try:
        return str(element).strip(" \0")
    except UNREADABLE:
        raise Rejected(RejectReason.DAMAGED) from None


def whole(dataset: Dataset, keyword: str, default: int) -> int:
    """Return a single whole number, or the default where it is absent or empty. Raises Rejected(DAMAGED)."""
    value = dataset.get(keyword, None)
    if value is None or value == "":
        return default
    if isinstance(value, bytes):
        raise Rejected(RejectReason.DAMAGED)
    try:
        return int(value)
    except UNREADABLE:
        raise Rejected(RejectReason.DAMAGED) from None


def frames_of(dataset: Dataset) -> int:
    """Return the number of frames; an absent or empty count means one (PS3.3 C.7.6.6)."""
    frames = whole(dataset, "NumberOfFrames", 1)
    if frames < 1:
        raise Rejected(RejectReason.DAMAGED)
    return frames


def _peek_at_export(data: bytes) -> Peek:
    size = exports.size_of(data, most=MAX_FRAME)
    instance, series, study = exports.uids(data)
    return Peek(
        sop_class_uid="",
        sop_instance_uid=instance,
        series_instance_uid=series,
        study_instance_uid=study,
        transfer_syntax_uid="",
        patient_name="",
        patient_id="",
        birth_date="",
        rows=size.rows,
        columns=size.columns,
        frames=size.frames,
        instance_number=0,
        manufacturer="",
        model="",
        station="",
    )


def _opened(sent: bytes) -> tuple[FileDataset, str]:
    if exports.is_export(sent):
        sent = exports.wrapped(sent, most=MAX_FRAME, most_samples=MAX_SAMPLES)
    data = headless.completed(sent)
    plan = prescan.layout(data)
    _check_class(plan.sop_class_uid)
    end = prescan.check(data, plan)
    dataset = _parsed(data if end == len(data) else data[:end])
    _check_class(text(dataset, "SOPClassUID"))
    _check_ultrasound(dataset)
    _check_identity(dataset)
    _check_pixels(dataset)
    if headless.is_bare(sent):
        headless.check_pixels(dataset)
    return dataset, plan.transfer_syntax_uid


def _parsed(data: bytes) -> FileDataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(BytesIO(data))
            _settle(dataset)
        except (*UNREADABLE, MemoryError):
            raise Rejected(RejectReason.DAMAGED) from None
    return dataset


def _settle(dataset: Dataset) -> None:
    """Convert every element now, at every depth, so that no later touch can fail in an unexpected place."""
    pending: list[Dataset] = [dataset]
    while pending:
        current = pending.pop()
        for tag in list(current.keys()):
            raw = current.get_item(tag)
            value = raw.value if isinstance(raw, RawDataElement) else None
            try:
                _convert(current, current[tag], value or b"")
                if isinstance(current[tag].value, pydicom.Sequence):
                    pending.extend(current[tag].value)
            except UNREADABLE:
                current[tag] = DataElement(tag, "UN", value or b"", already_converted=True)


def _convert(dataset: Dataset, element: DataElement, raw: bytes) -> None:
    """Open what hides: sequences of unknown representation, and text in another character set than is declared."""
    if element.VR == "UN" and isinstance(element.value, bytes):
        _open_unknown(dataset, element)
    elif element.VR in _TEXT_VRS and raw and not raw.isascii() and "\ufffd" in str(element.value):
        # in Latin-1 no byte is lost
        dataset[element.tag] = DataElement(element.tag, element.VR, raw.decode("latin-1").rstrip(" \0"))


def _open_unknown(dataset: Dataset, element: DataElement) -> None:
    """Replace a value of unknown representation that is a sequence by the sequence, so that everybody looks inside."""
    value = element.value
    if prescan.holds_items(value):
        implicit = not value[12:14].isalpha()
        encodings = convert_encodings(dataset.get("SpecificCharacterSet", None))
        dataset[element.tag] = DataElement(element.tag, "SQ", convert_SQ(value, implicit, True, encodings))


def _check_class(sop_class_uid: str) -> None:
    if sop_class_uid == _DICOMDIR:
        raise Rejected(RejectReason.DICOMDIR)
    if sop_class_uid.startswith(_DOCUMENTS):
        raise Rejected(RejectReason.ENCAPSULATED_DOCUMENT)
    if sop_class_uid.startswith(_REPORTS):
        raise Rejected(RejectReason.STRUCTURED_REPORT)
    if sop_class_uid.startswith(_PRESENTATIONS):
        raise Rejected(RejectReason.PRESENTATION_STATE)


def _check_ultrasound(dataset: Dataset) -> None:
    sop_class_uid = text(dataset, "SOPClassUID")
    captured = sop_class_uid in SECONDARY_CAPTURE and text(dataset, "Modality") == "US"
    if sop_class_uid not in ULTRASOUND and not captured:
        raise Rejected(RejectReason.NOT_ULTRASOUND)


def _check_identity(dataset: Dataset) -> None:
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        if not _UID.fullmatch(text(dataset, keyword)):
            raise Rejected(RejectReason.NO_IDENTITY)


def _check_pixels(dataset: Dataset) -> None:
    """Refuse a picture without pixels, and one whose decoded size is over the budget, before anything is decoded."""
    rows, columns = whole(dataset, "Rows", 0), whole(dataset, "Columns", 0)
    samples = whole(dataset, "SamplesPerPixel", 1)
    if not any(keyword in dataset for keyword in _PIXELS) or not (rows and columns):
        raise Rejected(RejectReason.NO_PIXELS)
    if rows < 0 or columns < 0 or samples not in (1, 3):
        raise Rejected(RejectReason.DAMAGED)
    if max(rows, columns) > exports.MAX_SIDE:
        raise Rejected(RejectReason.TOO_LARGE)
    if rows * columns > MAX_FRAME or rows * columns * samples * frames_of(dataset) > MAX_SAMPLES:
        raise Rejected(RejectReason.TOO_LARGE)
