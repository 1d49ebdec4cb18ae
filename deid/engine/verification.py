"""The last question to every output that may leave the house: does an identifier of the source stand in its bytes?"""

from pydicom import Dataset

from deid.engine import sweep, timeline
from deid.engine.disclosure import Dates, Disclosure
from deid.engine.findings import Outputs
from deid.engine.identifiers import Identifiers


def identifier_left(outputs: Outputs, known: Identifiers) -> bool:
    """Return whether an identifier of the source stands in the bytes of the master, a still or the film."""
    parts = (outputs.dicom, outputs.still, outputs.still_jpeg, outputs.thumbnail, outputs.film)
    return any(sweep.found(part, known) for part in parts if part is not None)


def secrets_of(known: Identifiers, header: Dataset, disclosure: Disclosure) -> Identifiers:
    """Return what no output may hold: everything that identifies, but for dates that a header is let keep."""
    if disclosure.dates is not Dates.KEPT:
        return known
    return known.without(timeline.told(header))
