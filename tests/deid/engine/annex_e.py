"""PS3.15 table E.1-1 as an oracle: its rows as a public package has them, our decisions, and values to plant."""

import importlib
import pkgutil
import struct
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import dicomanonymizer.dicom_anonymization_databases as editions
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.sequence import Sequence

DECISIONS = Path(__file__).with_name("annex_e.txt")
# any group of the overlays (60xx) and curves (50xx), and any of their elements
_GROUP, _ELEMENT = 0x02, 0x3000
_TEXT_VRS = ("AE", "CS", "LO", "LT", "SH", "ST", "UC", "UR", "UT")
_STRUCTS = {"US": "<H", "SS": "<h", "UL": "<L", "SL": "<l", "FL": "<f", "FD": "<d", "UV": "<Q", "SV": "<q"}
# everything else that the same value might be sent as
_OTHER_VRS = ("UN", "LO", "OB", "UT")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the tag as in the file of decisions, and one tag of a repeating group that stands for it."""

    name: str
    tag: int

    @property
    def vrs(self) -> tuple[str, ...]:
        """Return the representations of the dictionary first, then what else a writer may use."""
        own = tuple(dictionary_VR(self.tag).split(" or ")) if dictionary_has_tag(self.tag) else ("LO", "PN", "DA")
        return (*own, *(vr for vr in _OTHER_VRS if vr not in own))


@cache
def rows() -> tuple[Row, ...]:
    """Return the rows of the newest edition that the package has."""
    newest = max(module.name for module in pkgutil.iter_modules(editions.__path__))
    tags = importlib.import_module(f"{editions.__name__}.{newest}").ALL_TAGS
    return tuple(_row(tag) for tag in sorted(tags))


@cache
def decisions() -> dict[str, str]:
    """Return our decision for each row that has one, by the row's name."""
    lines = (line.split() for line in DECISIONS.read_text().splitlines() if not line.startswith("#"))
    return {name: decision for name, decision, *_ in lines}


def plant(target: Dataset, row: Row, number: int, vr: str) -> list[bytes]:
    """Set the row's attribute in `target` to a value of its own, and return the bytes that must not be found again."""
    value, traces = _value(number, vr, dictionary_VR(row.tag) if dictionary_has_tag(row.tag) else "LO")
    element = DataElement(row.tag, vr, value, already_converted=vr == "UN")
    element.VR = vr
    target[row.tag] = element
    return traces


def with_loose(data: bytes, loose: Dataset) -> bytes:
    """Put elements of group 0000 between the file meta information and the data set of a file."""
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, loose)
    start = 132 + 12 + struct.unpack("<L", data[140:144])[0]
    return data[:start] + stream.getvalue() + data[start:]


def _row(tag: tuple[int, ...]) -> Row:
    if len(tag) == 2:
        return Row(f"{tag[0]:04x},{tag[1]:04x}", tag[0] << 16 | tag[1])
    group, element, group_mask, element_mask = tag
    named = ",".join(
        "".join(digit if kept == "f" else "x" for digit, kept in zip(f"{part:04x}", f"{mask:04x}", strict=True))
        for part, mask in ((group, group_mask), (element, element_mask))
    )
    own = element if element_mask == 0xFFFF else _ELEMENT
    return Row(named, (group | _GROUP) << 16 | own)


def _value(number: int, vr: str, meant: str) -> tuple[object, list[bytes]]:
    """Return a value and its traces; one sent as UN or OB has the bytes of what it is meant to be."""
    if vr in ("UN", "OB", "OW", "OD", "OF", "OL", "OV"):
        _, traces = _value(number, meant if meant in (*_TEXT_VRS, "PN", "UI", "DA", "TM", "DT") else "LO", "LO")
        return traces[0] + b" " * (-len(traces[0]) % 8), traces
    if vr == "SQ":
        item, inner = Dataset(), Dataset()
        item.PatientName, inner.PatientID = f"QZ{number:04}SQ", f"QZ{number:04}SS"
        item.RequestAttributesSequence = Sequence([inner])
        return Sequence([item]), [f"QZ{number:04}SQ".encode(), f"QZ{number:04}SS".encode()]
    if vr in _STRUCTS:
        short = struct.calcsize(_STRUCTS[vr]) < 4
        planted = 0x7A00 + number % 256 if short else 1_515_870_000 + number
        return planted, [] if short else [struct.pack(_STRUCTS[vr], planted)]
    text = _text(number, vr)
    return text, [text.encode()] if len(text) > 4 else []


def _text(number: int, vr: str) -> str:
    minutes, seconds = divmod(number, 60)
    return {
        "PN": f"QZ{number:04}^Anna",
        "UI": f"1.2.99.{number}.7",
        "DA": f"{date(1930, 1, 1) + timedelta(days=number):%Y%m%d}",
        "TM": f"03{minutes % 60:02}{seconds:02}.{number:06}",
        "DT": f"{date(1940, 1, 1) + timedelta(days=number):%Y%m%d}04{minutes:02}{seconds:02}.{number:06}",
        "AS": f"{number % 120:03}Y",
        "IS": f"7{number:04}913",
        "DS": f"7{number:04}.913",
    }.get(vr, f"QZ{number:04}KX")


def variants() -> range:
    """Return the numbers of the rounds in which every row has had every representation once."""
    return range(max(len(row.vrs) for row in rows()))
