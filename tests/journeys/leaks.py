"""An independent search for a source file's identifiers in the bytes that leave the portal.

It shares no code with the engine's own sweep, so that one mistake cannot hide in both.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import date
from urllib.parse import quote

import pydicom
from pydicom.dataelem import DataElement
from pydicom.multival import MultiValue

IDENTIFYING_VR = {"PN", "LO", "SH", "DA", "DT", "TM", "UI", "LT", "ST", "UT"}
# words of the field, which identify nobody; "patient" is a placeholder for a name in one public file
HARMLESS_WORDS = """
original primary derived secondary abdominal ultrasound isotropic pixel frame false obstetrical gynecology
pelvis abdomen image general study series patient
"""
HARMLESS = frozenset(HARMLESS_WORDS.split())
# the same in every file of a kind; they name a format and no person
STANDARD_UID = re.compile(r"^1\.2\.840\.10008\.")
SHORTEST_IN_BYTES = 5


def identifiers(source: bytes) -> set[str]:
    """Return every identifying value of a DICOM file, names in parts and dates in their common forms."""
    dataset = pydicom.dcmread(pydicom.filebase.DicomBytesIO(source), stop_before_pixels=True)
    found: set[str] = set()
    for element in elements(dataset):
        for value in values(element):
            found.update(forms(element.VR, value))
    return {value for value in found if len(value) >= SHORTEST_IN_BYTES and value.lower() not in HARMLESS}


def elements(dataset: pydicom.Dataset) -> Iterator[DataElement]:
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                yield from elements(item)
        elif element.VR in IDENTIFYING_VR and element.keyword not in {"SOPClassUID", "Modality"}:
            yield element


def values(element: DataElement) -> list[str]:
    value = element.value
    many = value if isinstance(value, MultiValue | list) else [value]
    return [str(one).strip() for one in many if one not in (None, "")]


def forms(kind: str, value: str) -> Iterator[str]:
    if kind == "UI":
        if not STANDARD_UID.match(value):
            yield value
    elif kind in {"DA", "DT"} and re.match(r"^\d{8}", value):
        yield from dates(value[:8])
    elif kind == "TM":
        digits = re.match(r"^(\d\d)(\d\d)(\d\d)", value)
        if digits and value[:6] != "000000":
            yield ":".join(digits.groups())
            yield "".join(digits.groups())
    else:
        yield value
        if kind == "PN":
            yield from re.split(r"[\^=, ]+", value)


def dates(value: str) -> Iterator[str]:
    yield value
    try:
        day = date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return
    for pattern in (
        "%Y-%m-%d",
        "%d.%m.%Y",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d-%m-%Y",
        "%d %b %Y",
        "%d %B %Y",
        "%b %d, %Y",
    ):
        yield day.strftime(pattern)
    yield f"{day.day} {day:%B} {day.year}"
    yield f"{day:%B} {day.day}, {day.year}"


def written(value: str) -> Iterator[tuple[str, bytes]]:
    """Yield the ways in which a program may have written a value that is not readable at once."""
    plain = value.encode()
    yield "hex", plain.hex().encode()
    yield "hex, capitals", plain.hex().upper().encode()
    yield "percent", quote(value, safe="").encode()
    yield "JSON", json.dumps(value)[1:-1].encode()
    for shift in range(3):
        # of base64 the first and the last sign depend on the neighbours, so they are left out
        whole = b64encode(b"\0" * shift + plain)
        yield f"base64 at {shift}", whole[(0, 2, 3)[shift] : len(whole) // 4 * 4 - 4]
        yield f"base64url at {shift}", whole[(0, 2, 3)[shift] : -4].translate(bytes.maketrans(b"+/", b"-_"))


def traces(output: bytes, wanted: set[str]) -> set[str]:
    """Return the kinds of encoding in which a value stands in the output, readable or merely written otherwise."""
    found = set(leaks(output, wanted))
    for value in wanted:
        for variant in {value, value.upper(), value.lower()}:
            found |= {
                kind for kind, needle in written(variant) if len(needle) >= SHORTEST_IN_BYTES and needle in output
            }
    return found


def leaks(output: bytes, wanted: set[str]) -> list[str]:
    """Return the kinds of encoding in which an identifier was found in the output; never the identifier."""
    small = output.lower()
    found = []
    for value in wanted:
        lowered = value.lower()
        for encoding in ("latin-1", "utf-8", "utf-16-le", "utf-16-be"):
            try:
                needle = lowered.encode(encoding)
            except UnicodeEncodeError:
                continue
            if needle in small:
                found.append(encoding)
    return found
