"""Builds the header of the clean instance from nothing: only what the allow-list names is put in.

Private elements, overlays, icons, curves and everything unlisted are absent because nobody put them there.
"""

from datetime import timedelta

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import UID, ExplicitVRLittleEndian

from deid.engine import characteristics, descriptors, pseudonyms, references, timeline
from deid.engine import profile_table as table
from deid.engine.disclosure import Dates, Disclosure
from deid.engine.header_values import coded, copy_numbers, items, numbers, plain, term
from deid.engine.identifiers import Identifiers
from deid.engine.intake import SECONDARY_CAPTURE, frames_of, text

_MAX_REGIONS = 256
# frames a second where nothing tells, as in the films for patients; the pointer to the timing is type 1C
_USUAL_RATE = 25
# (0028,0303), PS3.3 C.7.1.1
_TEMPORAL = {Dates.REMOVED: "REMOVED", Dates.SHIFTED: "MODIFIED", Dates.KEPT: "UNMODIFIED"}


def deidentify(
    dataset: Dataset, *, known: Identifiers, disclosure: Disclosure, secret: bytes, burned_in_clean: bool
) -> Dataset:
    """Return a new data set for the same picture: header and file meta, without the image pixel module.

    `known` are the identifiers of `dataset`. `burned_in_clean` says that the pixels were cleaned and passed the second
    look; only then does the header claim it (PS3.15 E.1.1, code 113101; PS3.3 C.7.6.1, BurnedInAnnotation). The caller
    adds the pixels and the attributes that describe them, and sets the transfer syntax. Raises Rejected(DAMAGED) where
    a needed element cannot be read.
    """
    clean = Dataset()
    sop_class_uid = _sop_class(dataset)
    own = pseudonyms.key(disclosure.purpose.value, secret=secret)
    # codes of two purposes never match; those of two studies only where the purpose links them
    key = own if disclosure.linked else pseudonyms.key(text(dataset, "StudyInstanceUID"), secret=own)
    clean.SOPClassUID = UID(sop_class_uid)
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        setattr(clean, keyword, UID(pseudonyms.uid(text(dataset, keyword), secret=key)))
    for keyword in table.EMPTY:
        setattr(clean, keyword, "")
    for number in table.NUMBERS_OR_EMPTY:
        setattr(clean, number.keyword, "")
    copy_numbers(dataset, clean, (*table.NUMBERS_OR_EMPTY, *table.NUMBERS))
    _set_terms(dataset, clean)
    _set_person(dataset, clean, key=key)
    _set_frames(dataset, clean)
    _set_regions(dataset, clean)
    if sop_class_uid not in (table.US_IMAGE, table.US_MULTIFRAME):
        conversion = term(dataset, "ConversionType", table.CONVERSION_TYPES)
        clean.ConversionType = conversion or "WSD"
    if disclosure.linked:
        references.set_references(dataset, clean, secret=key)
    if disclosure.descriptors:
        descriptors.set_descriptors(dataset, clean, matches=known.matches)
        if "BodyPartExamined" in clean and "Laterality" not in dataset:
            # of type 2C: it stands beside paired parts only (PS3.3 C.7.3.1), and the source knows whether this is one
            del clean.Laterality
    _set_times_and_person(dataset, clean, disclosure, back=_back(dataset, disclosure, secret=own))
    _set_method(clean, disclosure, burned_in_clean=burned_in_clean)
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


def _set_terms(dataset: Dataset, clean: Dataset) -> None:
    """Set coded strings; values outside the defined terms are left out."""
    clean.Modality = "US"
    clean.Manufacturer = _maker(plain(dataset, "Manufacturer"))
    kind = _third_image_type(dataset)
    clean.ImageType = ["DERIVED", "PRIMARY", kind] if kind else ["DERIVED", "PRIMARY"]
    transducer = term(dataset, "TransducerType", table.TRANSDUCER_TYPES)
    if transducer:
        clean.TransducerType = transducer
    clean.Laterality = term(dataset, "Laterality", ("L", "R"))
    if plain(dataset, "LossyImageCompression") == "01":
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


def _person(dataset: Dataset) -> tuple[str, ...]:
    """Return what tells patients apart: the number, whatever the name's spelling; without one, name and birth date."""
    number = text(dataset, "PatientID")
    return (number,) if number else ("", text(dataset, "PatientName"), text(dataset, "PatientBirthDate"))


def _set_person(dataset: Dataset, clean: Dataset, *, key: bytes) -> None:
    """Name and ID become one code."""
    code = pseudonyms.patient(*_person(dataset), secret=key)
    clean.PatientName = code
    clean.PatientID = code


def _set_frames(dataset: Dataset, clean: Dataset) -> None:
    """Set the count and the timing of a film (PS3.3 C.7.6.5 and C.7.6.6)."""
    frames = frames_of(dataset)
    if clean.SOPClassUID in (table.US_IMAGE, table.SC_IMAGE):
        return
    clean.NumberOfFrames = frames
    copy_numbers(dataset, clean, table.TIMING)
    if "FrameTimeVector" in clean and len(numbers(clean, table.TIMING[1])) != frames:
        del clean.FrameTimeVector
    if "FrameTime" not in clean and "FrameTimeVector" not in clean:
        clean.FrameTime = round(1000 / float(clean.get("CineRate", _USUAL_RATE)), 3)
    if "FrameTimeVector" in clean and "FrameTime" not in clean:
        clean.FrameIncrementPointer = Tag("FrameTimeVector")
    else:
        clean.FrameIncrementPointer = Tag("FrameTime")


def _set_regions(dataset: Dataset, clean: Dataset) -> None:
    """Rebuild the calibrated regions item by item (PS3.3 C.8.5.5); an incomplete item is left out."""
    regions = []
    for source in items(dataset, "SequenceOfUltrasoundRegions", most=_MAX_REGIONS):
        item = Dataset()
        copy_numbers(source, item, table.REGION_REQUIRED)
        if len(item) == len(table.REGION_REQUIRED):
            copy_numbers(source, item, table.REGION_OPTIONAL)
            regions.append(item)
    if regions:
        clean.SequenceOfUltrasoundRegions = Sequence(regions)


def _back(dataset: Dataset, disclosure: Disclosure, *, secret: bytes) -> timedelta | None:
    """Return by how much dates are put back, the same for all studies of a patient; None where they are removed."""
    if disclosure.dates is Dates.REMOVED:
        return None
    return pseudonyms.offset(*_person(dataset), secret=secret) if disclosure.dates is Dates.SHIFTED else timedelta()


def _set_times_and_person(dataset: Dataset, clean: Dataset, disclosure: Disclosure, *, back: timedelta | None) -> None:
    """Add dates and characteristics as far as the purpose allows them (PS3.15 E.3.6 and E.3.7)."""
    if back is not None:
        timeline.set_moments(dataset, clean, back=back)
    if disclosure.characteristics:
        characteristics.set_person(dataset, clean)
        if back is not None:
            characteristics.set_last_period(dataset, clean, back=back)
        if clean.SOPClassUID in (table.US_IMAGE, table.US_MULTIFRAME):
            characteristics.set_context(dataset, clean, back=back)


def _set_method(clean: Dataset, disclosure: Disclosure, *, burned_in_clean: bool) -> None:
    """Say what was done, and no more (PS3.3 C.12.1.1.9 and C.7.1.1, PS3.15 E.1.1)."""
    codes = (
        (table.BASIC_PROFILE, True),
        (table.CLEAN_PIXELS, burned_in_clean),
        (table.CLEAN_DESCRIPTORS, disclosure.descriptors),
        (table.FULL_DATES, disclosure.dates is Dates.KEPT),
        (table.SHIFTED_DATES, disclosure.dates is Dates.SHIFTED),
        (table.CHARACTERISTICS, disclosure.characteristics),
    )
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = table.METHOD
    clean.DeidentificationMethodCodeSequence = Sequence(coded(code) for code, done in codes if done)
    clean.BurnedInAnnotation = "NO" if burned_in_clean else "YES"
    clean.LongitudinalTemporalInformationModified = _TEMPORAL[disclosure.dates]


def _file_meta(clean: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = clean.SOPClassUID
    meta.MediaStorageSOPInstanceUID = clean.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(table.IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = table.IMPLEMENTATION_VERSION
    return meta
