"""The allow-list names real attributes of the right kind, and no attribute that PS3.15 wants removed."""

import copy

import pytest
from pydicom.datadict import dictionary_VM, dictionary_VR, keyword_for_tag, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code
from pydicom.tag import Tag
from pydicom.uid import UID

from deid.engine import identifiers, intake, tags
from deid.engine import profile_table as table
from deid.engine.disclosure import Dates, Disclosure
from deid.engine.header_values import coded
from tests.deid.engine import annex_e
from tests.deid.engine.headers import DISCLOSURES, full, region, ultrasound, with_pixels, written

NUMBERS = (
    *table.NUMBERS,
    *table.NUMBERS_OR_EMPTY,
    *table.TIMING,
    *table.REGION_REQUIRED,
    *table.REGION_OPTIONAL,
)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.keyword)
def test_numbers_are_numeric_attributes(number: table.Number) -> None:
    assert dictionary_VR(number.keyword) in {"DS", "FD", "FL", "IS", "SL", "SS", "UL", "US"}
    assert (dictionary_VM(number.keyword) != "1") == (number.most > 1)
    assert number.low < number.high


@pytest.mark.parametrize("keyword", table.EMPTY)
def test_empty_attributes_exist(keyword: str) -> None:
    assert tag_for_keyword(keyword) is not None


@pytest.mark.parametrize("keyword", sorted(table.CODES | table.PLACES | table.REMARKS))
def test_identifying_attributes_exist_and_are_not_allowed(keyword: str) -> None:
    assert tag_for_keyword(keyword) is not None
    assert keyword not in {number.keyword for number in NUMBERS}


def test_no_number_is_both_required_and_optional() -> None:
    required = {number.keyword for number in table.REGION_REQUIRED}
    assert required.isdisjoint(number.keyword for number in table.REGION_OPTIONAL)


def test_own_uids_and_words_are_sound() -> None:
    assert UID(table.IMPLEMENTATION_CLASS_UID).is_valid
    assert len(table.IMPLEMENTATION_VERSION) <= 16
    assert len(table.METHOD) <= 64


def test_terms_are_coded_strings() -> None:
    for term in table.IMAGE_TYPES | table.TRANSDUCER_TYPES | table.CONVERSION_TYPES:
        assert len(term) <= 16
        assert term == term.upper()


def test_words_are_split() -> None:
    assert table.words("A B") == {"A", "B"}
    assert table.words("A B;C", separator=";") == {"A B", "C"}


# three sequences deep: in ones that never pass, and in those that do, behind what makes them pass
CARRIERS = {
    "top": (),
    "dropped": ("RequestAttributesSequence", "ReferencedStudySequence", "PurposeOfReferenceCodeSequence"),
    "regions": ("SequenceOfUltrasoundRegions", "AnatomicRegionSequence", "AnatomicRegionModifierSequence"),
    "codes": ("AnatomicRegionSequence", "AnatomicRegionModifierSequence", "ViewCodeSequence"),
    "references": ("SourceImageSequence", "PurposeOfReferenceCodeSequence", "SourceImageSequence"),
    "context": ("AcquisitionContextSequence", "ConceptNameCodeSequence", "AcquisitionContextSequence"),
}
# without these the file is refused at the door, which is no test of what is built
NEEDED = {"SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "PatientID", "PatientName", "PatientBirthDate"}
MAY_STAY = {
    "date": lambda disclosure: disclosure.dates is Dates.KEPT,
    "cleaned": lambda disclosure: disclosure.descriptors,
    "characteristic": lambda disclosure: disclosure.characteristics,
    "reference": lambda disclosure: disclosure.linked,
}


def carrier(path: tuple[str, ...]) -> tuple[Dataset, Dataset]:
    """Return a data set that has the sequences of `path` inside each other, and the innermost item."""
    items = {
        "SequenceOfUltrasoundRegions": region(),
        "AnatomicRegionSequence": coded(Code("69536005", "SCT", "Head")),
        "AnatomicRegionModifierSequence": coded(Code("7771000", "SCT", "Left")),
        "ConceptNameCodeSequence": coded(Code("11778-8", "LN", "EDD")),
    }
    outer = ultrasound()
    inner: Dataset = outer
    for keyword in path:
        item = copy.deepcopy(items.get(keyword, Dataset()))
        if keyword == "SourceImageSequence":
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = table.US_IMAGE, "1.2.3"
        if keyword == "AcquisitionContextSequence":
            item.Date = "20261014"
        setattr(inner, keyword, Sequence([item]))
        inner = item
    return outer, inner


def built(source: Dataset, disclosure: Disclosure) -> tuple[Dataset, bytes]:
    return made_of(written(source), disclosure)


def made_of(data: bytes, disclosure: Disclosure) -> tuple[Dataset, bytes]:
    read = intake.read(data)
    made = tags.deidentify(
        read, known=identifiers.of(read), disclosure=disclosure, secret=bytes(32), burned_in_clean=True
    )
    return made, written(with_pixels(made, read))


def test_every_row_has_a_decision() -> None:
    """Rows of a newer edition fail here until somebody has decided on them."""
    assert {row.name for row in annex_e.rows()} == set(annex_e.decisions())
    assert len(annex_e.rows()) >= 620


@pytest.mark.requirement("R32")
@pytest.mark.parametrize("variant", annex_e.variants())
@pytest.mark.parametrize("path", CARRIERS.values(), ids=CARRIERS)
@pytest.mark.parametrize("disclosure", DISCLOSURES.values(), ids=DISCLOSURES)
def test_no_row_survives(disclosure: Disclosure, path: tuple[str, ...], variant: int) -> None:
    """Every row in every representation, at the top or three sequences deep: no byte of any value is found again."""
    source, place = carrier(path)
    # of group 0000, which belongs to messages and not to files
    loose = Dataset()
    planted: dict[bytes, str] = {}
    for number, row in enumerate(annex_e.rows()):
        needed = not path and (keyword_for_tag(row.tag) in NEEDED or row.tag >> 16 == 2)
        if Tag(row.tag) in place and path:
            continue
        vr = row.vrs[0 if needed else min(variant, len(row.vrs) - 1)]
        group = row.tag >> 16
        where = place if path or group > 2 else (loose if group == 0 else source.file_meta)
        for trace in annex_e.plant(where, row, number, vr):
            planted[trace] = row.name
    made, output = made_of(annex_e.with_loose(written(source), loose), disclosure)
    kept = {name for trace, name in planted.items() if trace in output}
    assert {name for name in kept if not may_stay(name, disclosure)} == set()
    assert {f"{element.tag:08x}" for element in made.iterall()}.isdisjoint(
        name.replace(",", "") for name, decision in annex_e.decisions().items() if decision == "absent"
    )


def may_stay(name: str, disclosure: Disclosure) -> bool:
    return MAY_STAY.get(annex_e.decisions()[name], lambda _: False)(disclosure)


@pytest.mark.parametrize(
    "row", [row for row in annex_e.rows() if annex_e.decisions().get(row.name) != "absent"], ids=lambda row: row.name
)
@pytest.mark.parametrize("disclosure", DISCLOSURES.values(), ids=DISCLOSURES)
def test_a_row_is_there_for_the_purposes_that_its_decision_names(disclosure: Disclosure, row: annex_e.Row) -> None:
    made, _ = built(full(), disclosure)
    decision = annex_e.decisions()[row.name]
    values = [str(element.value) for element in made.iterall() if element.tag == row.tag]
    there = any(values) if decision != "empty" else not any(values)
    dated = disclosure.dates is not Dates.REMOVED
    options = {
        # the due date is a date and a characteristic
        "date": dated and (disclosure.characteristics or keyword_for_tag(row.tag) != "Date"),
        "cleaned": disclosure.descriptors,
        "characteristic": disclosure.characteristics and (dated or keyword_for_tag(row.tag) != "LastMenstrualDate"),
        "reference": disclosure.linked,
    }
    assert there == options.get(decision, True)
