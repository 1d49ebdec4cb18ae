"""Keeps the references of an instance to others valid: their UIDs become the codes that those instances got."""

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from deid.engine import profile_table as table
from deid.engine import pseudonyms
from deid.engine.header_values import items, plain

SEQUENCES = ("ReferencedImageSequence", "SourceImageSequence")

# what an instance of a class leaves as, for the classes that the portal takes and that leave as one class only
_CLASSES = {
    table.US_IMAGE: table.US_IMAGE,
    "1.2.840.10008.5.1.4.1.1.6": table.US_IMAGE,
    table.US_MULTIFRAME: table.US_MULTIFRAME,
    "1.2.840.10008.5.1.4.1.1.3": table.US_MULTIFRAME,
    table.SC_IMAGE: table.SC_IMAGE,
}
_MOST_ITEMS = 64


def set_references(source: Dataset, target: Dataset, *, secret: bytes) -> None:
    """Rebuild the references to ultrasound pictures (PS3.3 C.7.6.1.1.3 and C.7.6.1.1.4); others are left out."""
    for keyword in SEQUENCES:
        found = [_rebuilt(item, secret) for item in items(source, keyword, most=_MOST_ITEMS)]
        kept = [item for item in found if item is not None]
        if kept:
            setattr(target, keyword, Sequence(kept))


def _rebuilt(source: Dataset, secret: bytes) -> Dataset | None:
    sop_class_uid = _CLASSES.get(plain(source, "ReferencedSOPClassUID"))
    original = plain(source, "ReferencedSOPInstanceUID")
    if sop_class_uid is None or not original:
        return None
    item = Dataset()
    item.ReferencedSOPClassUID = UID(sop_class_uid)
    item.ReferencedSOPInstanceUID = UID(pseudonyms.uid(original, secret=secret))
    return item
