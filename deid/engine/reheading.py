"""A clean master under the header of another purpose: the same pixels, and what that purpose may tell of the source."""

import io

import pydicom
from pydicom import Dataset

from deid.engine import identifiers, intake, tags, verification
from deid.engine.disclosure import Disclosure
from deid.engine.errors import Held, HoldReason
from deid.engine.findings import Outputs

# of the group that describes pixels, what the header says of the cleaning (PS3.3 C.7.6.1)
_OF_THE_CLEANING = frozenset({"BurnedInAnnotation", "LongitudinalTemporalInformationModified"})
_PIXEL_GROUP = 0x0028


def reheaded(source: bytes | None, master: bytes, *, disclosure: Disclosure, secret: bytes) -> bytes:
    """Return the DICOM file of a master's pixels, byte by byte, under a header for a purpose.

    `source` is the file as it came, or None where that is gone: the master's own header is read then, which tells
    little and holds nothing to search for. `secret` keys the pseudonyms. Raises Rejected, Held(RENDER_FAILED) where
    the two do not belong together, and Held(IDENTIFIER_LEFT).
    """
    clean = intake.read(master)
    original = clean if source is None else intake.read(source)
    if _extent(original) != _extent(clean):
        raise Held(HoldReason.RENDER_FAILED)
    known = identifiers.of(original)
    header = tags.deidentify(
        original,
        known=known,
        disclosure=disclosure,
        secret=secret,
        burned_in_clean=clean.get("BurnedInAnnotation", "") == "NO",
    )
    _take_pixels(clean, header)
    file = io.BytesIO()
    pydicom.dcmwrite(file, header, enforce_file_format=True)
    made = Outputs(dicom=file.getvalue())
    searched = known if source is not None else identifiers.of(Dataset())
    if verification.identifier_left(made, verification.secrets_of(searched, header, disclosure)):
        raise Held(HoldReason.IDENTIFIER_LEFT)
    return file.getvalue()


def _extent(dataset: Dataset) -> tuple[int, int, int]:
    return intake.whole(dataset, "Rows", 0), intake.whole(dataset, "Columns", 0), intake.frames_of(dataset)


def _take_pixels(clean: Dataset, header: Dataset) -> None:
    """Put the pixels of a master into a header, with everything that describes them."""
    for element in clean:
        if element.tag.group == _PIXEL_GROUP and element.keyword not in _OF_THE_CLEANING:
            header[element.tag] = element
    if "CineRate" in clean:
        header.CineRate = clean.CineRate
    header["PixelData"] = clean["PixelData"]
    header.file_meta.TransferSyntaxUID = clean.file_meta.TransferSyntaxUID
