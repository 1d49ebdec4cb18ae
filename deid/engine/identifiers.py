"""Gathers everything in a header that points to a person, a place or a time, and recognises it in recognised text.

The gathered values are the patient's: they stay in memory and appear in no log, no exception and no finding.
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass, field, replace

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.valuerep import PersonName

from deid.engine import dates, other_charsets, vocabulary
from deid.engine import profile_table as table
from deid.engine.intake import UNREADABLE
from deid.engine.likeness import Forms
from deid.engine.transliteration import plain

_MAX_VALUES = 4_000
_MAX_TEXT = 256
_MAX_BINARY = 1 << 16

_SEPARATORS = re.compile(r"[\^=,;/\s_.]+")
_DICOM_NAME = re.compile(r"[^\W\d_]{2,}(?:\^[^\W\d_]*)+")
_WRITTEN_NAME = re.compile(r"[^\W\d_]{2,}, ?[^\W\d_]{2,}")
# <PatientName>...</PatientName>, patientName="..." and PatientName=...
_TAGGED = re.compile(
    r"(?:<(?P<tag>[\w:.-]+)[^<>]*>(?P<text>[^<>]{2,80})</|\b(?P<key>[\w:.-]+)\s*=\s*(?:\"(?P<quoted>[^\"]{2,80})\"|(?P<bare>[^\s\"<>;&]{2,80})))"
)
_MAX_TAGGED = 1 << 18
_PERSON_TAGS = (
    "patientname",
    "lastname",
    "firstname",
    "surname",
    "givenname",
    "familyname",
    "operator",
    "physician",
    "sonographer",
    "doctor",
)
_CODE_TAGS = ("patientid", "accession", "mrn", "recordnumber", "serial", "studyid", "examid")
_PLACE_TAGS = ("institution", "hospital", "clinic", "facility", "department")
_WRITTEN_SPACES = re.compile(r"[\s,]+")
_LONG_NUMBER = re.compile(r"\d{6,}")
_RUN = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")
_WIDE_RUN = re.compile(r"[\x20-\x7e\xa0-\xff]{4,}")
_SURE_RUN = re.compile(r"[\x20-\x7e]{8,}")
_FEWEST_SIGNS = 4
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32), *range(127, 160)))
_BINARY_VRS = frozenset({"OB", "OD", "OF", "OL", "OV", "OW"})
_TIME_VRS = frozenset({"DA", "DT", "TM"})


@dataclass(frozen=True, slots=True, repr=False)
class Identifiers:
    """What identifies, as found in one header.

    `names` are parts of persons' names, `persons` whole names as tuples of parts, `codes` numbers and codes, `places`
    institutions, addresses and remarks, `uids` UIDs that are nobody's standard, `moments` dates and times.
    """

    names: frozenset[str] = frozenset()
    persons: frozenset[tuple[str, ...]] = frozenset()
    codes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    uids: frozenset[str] = frozenset()
    moments: dates.Moments = field(default_factory=dates.Moments)
    _forms: Forms = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        forms = Forms.of(self.names, self.persons, codes=self.codes | self.uids, places=self.places)
        object.__setattr__(self, "_forms", forms)

    @property
    def values(self) -> frozenset[str]:
        """Every spelling that must not occur in any output, at least four characters long, for the sweep."""
        people = {form for person in self.persons for form in _spellings(person)}
        every = self.names | self.codes | self.places | self.uids | people | self.moments.spellings()
        return frozenset(value for value in every if len(value) >= 4)

    def matches(self, text: str) -> bool:
        """Say whether recognised text holds something that identifies, reading errors and cut names included."""
        return self._forms.occur_in(text) or self.moments.occur_in(text)

    def also(self, places: Iterable[str]) -> "Identifiers":
        """Return these identifiers and more names of places or people, as a clinic gives them."""
        return replace(self, places=self.places | frozenset(places))

    def without(self, moments: Iterable[str]) -> "Identifiers":
        """Return these identifiers but for dates and times, as DA, TM or DT values, that may be told.

        Private elements repeat them as numbers, which may be told as well.
        """
        told = dates.Moments.of(moments)
        return replace(self, moments=self.moments.without(told), codes=self.codes - told.spellings())


def of(dataset: Dataset) -> Identifiers:
    """Gather the identifiers of a data set: every depth, private elements, and the file meta information."""
    gathered = _Gathered()
    meta = getattr(dataset, "file_meta", None)
    for element in (*_elements(dataset), *(_elements(meta) if meta is not None else ())):
        gathered.take(element)
    return gathered.frozen()


@dataclass(slots=True)
class _Gathered:
    persons: set[tuple[str, ...]] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)
    moments: set[str] = field(default_factory=set)

    def take(self, element: DataElement) -> None:
        unread = isinstance(element.value, bytes) and element.VR not in _BINARY_VRS
        if element.tag.is_private or unread:
            self._take_private(element)
        elif element.VR == "PN":
            for value in (*_texts(element), *_other_readings(element)):
                self._take_person(value)
        elif element.VR in _TIME_VRS:
            self.moments.update(_texts(element))
        elif element.VR == "UI":
            self.uids.update(value for value in _texts(element) if not value.startswith("1.2.840.10008."))
        elif element.keyword in table.CODES:
            self.codes.update(_texts(element))
        elif element.keyword in table.PLACES or element.keyword in table.REMARKS:
            self._take_place(element)
        elif element.VR not in _BINARY_VRS:
            for value in _texts(element):
                self._take_names(_DICOM_NAME, value)

    def _take_person(self, value: str) -> None:
        # ideographic and phonetic spellings are persons of their own (PS3.5 section 6.2.1)
        for group in value.split("="):
            parts = tuple(part for part in _SEPARATORS.split(group) if part)
            if parts:
                self.persons.add(parts)

    def _take_place(self, element: DataElement) -> None:
        for value in _texts(element):
            self.moments.update(dates.found_in(value))
            if element.keyword in table.PLACES:
                self.places.add(value)
            self._take_marked(value)

    def _take_private(self, element: DataElement) -> None:
        """Private elements repeat names and times in their own forms; only what looks like identity is taken."""
        if element.tag.is_private_creator:
            return
        for value in _texts(element):
            self.moments.update(dates.found_in(value))
            if element.VR == "PN":
                self._take_person(value)
            elif element.VR in _TIME_VRS:
                self.moments.add(value)
            elif element.VR == "UI":
                self.uids.add(value)
            elif len(value) <= _MAX_TEXT:
                self._take_marked(value)
            if "<" in value or "=" in value:
                self._take_tagged(value)

    def _take_tagged(self, value: str) -> None:
        """Take what XML or a list of names and values says to be a person, a number or a place (SonoSite, PACS)."""
        for match in _TAGGED.finditer(value[:_MAX_TAGGED]):
            name = (match["tag"] or match["key"]).casefold()
            held = (match["text"] or match["quoted"] or match["bare"]).strip()
            if any(word in name for word in _PERSON_TAGS):
                self._take_person(_WRITTEN_SPACES.sub("^", held))
            elif any(word in name for word in _CODE_TAGS) and any(sign.isdigit() for sign in held):
                self.codes.add(held)
            elif any(word in name for word in _PLACE_TAGS):
                self.places.add(held)
            self.moments.update(dates.found_in(held))

    def _take_marked(self, value: str) -> None:
        self._take_names(_DICOM_NAME, value)
        self._take_names(_WRITTEN_NAME, value)
        self.codes.update(_LONG_NUMBER.findall(value))

    def _take_names(self, pattern: re.Pattern[str], value: str) -> None:
        for name in pattern.findall(value):
            parts = {part.upper() for part in _SEPARATORS.split(name)}
            # "Echocardiogram, transthoracic" is nobody
            described = pattern is _WRITTEN_NAME and {plain(part) for part in parts} <= vocabulary.described().keys()
            if not described and parts.isdisjoint(table.MAKERS) and parts.isdisjoint(table.COMPANY_WORDS):
                self._take_person(name)

    def frozen(self) -> Identifiers:
        persons = frozenset(sorted(self.persons)[:_MAX_VALUES])
        return Identifiers(
            names=frozenset(part for person in persons for part in person),
            persons=persons,
            codes=frozenset(sorted(self.codes)[:_MAX_VALUES]),
            places=frozenset(sorted(self.places)[:_MAX_VALUES]),
            uids=frozenset(sorted(self.uids)[:_MAX_VALUES]),
            moments=dates.Moments.of(self.moments),
        )


def _elements(dataset: Dataset) -> Iterator[DataElement]:
    pending = [dataset]
    while pending:
        for element in pending.pop():
            if isinstance(element.value, Sequence):
                pending.extend(element.value)
            else:
                yield element


def _texts(element: DataElement) -> list[str]:
    """Return the texts that an element holds; binary values give the printable runs in them."""
    value = element.value
    if isinstance(value, bytes):
        return _printable(value)
    if isinstance(value, (int, float)):
        return []
    if isinstance(value, (MultiValue, list, tuple)) and _are_signs(value):
        return _RUN.findall("".join(chr(sign) for sign in value))
    items: Iterable[object] = value if isinstance(value, (MultiValue, list, tuple)) else (value,)
    try:
        texts = [str(item).strip(" \0") for item in items if item is not None]
    except UNREADABLE:
        return []
    return [item for item in texts if item]


def _other_readings(element: DataElement) -> Iterator[str]:
    """Yield a name as other character sets have it; wrong and missing declarations are common."""
    for name in element.value if isinstance(element.value, MultiValue) else [element.value]:
        raw = name.original_string if isinstance(name, PersonName) else b""
        yield from other_charsets.readings(raw if isinstance(raw, bytes) else str(name).encode("latin-1", "ignore"))


def _are_signs(values: SequenceOf[object]) -> bool:
    """Say whether numbers may be the codes of letters, sixteen bits each (Philips, (200D,xx0D))."""
    return len(values) >= _FEWEST_SIGNS and all(isinstance(value, int) and 0 <= value <= 0xFFFF for value in values)


def _printable(value: bytes) -> list[str]:
    """Find text in bytes, eight and sixteen bits a letter (Philips keeps its screen texts in the latter)."""
    if len(value) > _MAX_BINARY:
        return []
    runs = _WIDE_RUN.findall(value.decode("utf-16-le", "replace"))
    if len(value.translate(None, _CONTROLS)) >= 0.9 * len(value):
        runs += _RUN.findall(value.decode("latin-1")) + _RUN.findall(value.decode("utf-8", "replace"))
    else:
        # a few words in a block of numbers; in noise, short runs of letters come by chance
        runs += _SURE_RUN.findall(value.decode("latin-1"))
    return [run.strip() for run in runs]


def _spellings(person: tuple[str, ...]) -> set[str]:
    joined = {separator.join(person) for separator in ("^", " ", "", ", ")}
    if len(person) > 1:
        turned = (*person[1:], person[0])
        joined |= {separator.join(turned) for separator in (" ", "")}
    return joined
