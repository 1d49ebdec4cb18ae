"""What is told of the patient and the pregnancy is a term or a coarse number, attribute by attribute."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from pydicom.datadict import dictionary_VR
from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from deid.engine import characteristics, identifiers, tags
from deid.engine.disclosure import STRICTEST, Disclosure
from deid.engine.header_values import coded
from tests.deid.engine.headers import EVERYTHING, full

DAY = Code("d", "UCUM", "day")


def told(**values: object) -> Dataset:
    source, target = Dataset(), Dataset()
    for keyword, value in values.items():
        setattr(source, keyword, value)
    characteristics.set_person(source, target)
    return target


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("034Y", "034Y"),
        ("089Y", "089Y"),
        ("090Y", "090Y"),
        ("103Y", "090Y"),
        ("005M", "005M"),
        ("030M", "002Y"),
        ("003W", "000M"),
        ("010D", "000M"),
        ("365D", "012M"),
        ("34", ""),
        ("34Y ERIKA", ""),
        ("", ""),
    ],
)
def test_an_age_is_no_birthday(written: str, kept: str) -> None:
    assert characteristics.age_of(written) == kept


def test_size_and_weight_are_coarse() -> None:
    result = told(PatientSize="1.6789", PatientWeight="61.4321")
    assert (result.PatientSize, result.PatientWeight) == (1.68, 61)
    assert told(PatientWeight="3.4321").PatientWeight == 3.4


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientSize", "2.31"),
        ("PatientWeight", "312"),
        ("PregnancyStatus", 9),
        ("PatientAge", "ERIKA"),
        ("HeartRate", "19900312"),
    ],
)
def test_what_is_rare_or_no_value_is_not_there(keyword: str, value: object) -> None:
    assert keyword not in told(**{keyword: value})


@pytest.mark.parametrize(("written", "kept"), [("F", "F"), ("M", "M"), ("O", "O"), ("FEMALE", ""), ("", "")])
def test_sex_is_a_defined_term_or_empty(written: str, kept: str) -> None:
    assert told(PatientSex=written).PatientSex == kept


def test_text_about_the_patient_never_passes() -> None:
    result = told(AdditionalPatientHistory="G2P1", PatientComments="x", EthnicGroup="x", Occupation="x", Allergies="x")
    assert {element.keyword for element in result} == {"PatientSex"}


def test_the_last_period_moves_with_the_dates() -> None:
    source, target = Dataset(), Dataset()
    source.LastMenstrualDate = "20260101"
    characteristics.set_last_period(source, target, back=timedelta(days=400, seconds=80_000))
    assert target.LastMenstrualDate == "20241127"


def item(code: tuple[str, str], **values: object) -> Dataset:
    made = Dataset()
    made.ConceptNameCodeSequence = [coded(Code(*code, "as spelt by Erika"))]
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def context(*given: Dataset, back: timedelta | None = timedelta(days=400)) -> list[Dataset]:
    source, target = Dataset(), Dataset()
    source.AcquisitionContextSequence = list(given)
    characteristics.set_context(source, target, back=back)
    return list(target.get("AcquisitionContextSequence", []))


def test_the_age_of_the_pregnancy_is_a_number_of_days() -> None:
    given = item(
        ("18185-9", "LN"),
        NumericValue="152",
        MeasurementUnitsCodeSequence=[coded(DAY)],
        TextValue="Erika",
        ValueType="X",
    )
    (kept,) = context(given)
    assert (kept.ValueType, kept.NumericValue) == ("NUMERIC", 152)
    assert kept.ConceptNameCodeSequence[0].CodeMeaning == "Gestational Age"
    assert "TextValue" not in kept


def test_the_due_date_moves_or_goes() -> None:
    given = item(("11778-8", "LN"), Date="20260920")
    (kept,) = context(given)
    assert (kept.ValueType, kept.Date) == ("DATE", "20250816")
    assert context(given, back=None) == []


@pytest.mark.parametrize(
    "given",
    [
        item(("11951-1", "LN"), TextValue="Fetus A"),
        item(("11996-6", "LN"), NumericValue="7", MeasurementUnitsCodeSequence=[coded(DAY)]),
        item(("18185-9", "LN"), NumericValue="900", MeasurementUnitsCodeSequence=[coded(DAY)]),
        item(("18185-9", "LN"), NumericValue="152"),
        item(("18185-9", "99OWN"), NumericValue="152", MeasurementUnitsCodeSequence=[coded(DAY)]),
        item(("11778-8", "LN"), Date="September"),
        Dataset(),
    ],
    ids=["fetus", "gravida", "too old", "no unit", "another scheme", "no date", "empty"],
)
def test_other_context_is_left_out(given: Dataset) -> None:
    assert context(given) == []


def test_the_page_decides_attribute_by_attribute() -> None:
    """Each row of the page's table: absent for people's own pictures, and absent or there for the others."""
    page = (Path(__file__).parents[3] / "docs" / "headers.md").read_text(encoding="utf-8")
    table = page.split("## The patient and the pregnancy")[1]
    rows = [line.split("|")[1:5] for line in table.splitlines() if line.startswith("| `")]
    source = full()
    for keyword in re.findall(r"`([A-Z]\w+)`", table):
        if keyword not in source and dictionary_VR(keyword) != "SQ":
            setattr(source, keyword, "70" if keyword == "HeartRate" else "1")
    made = [made_of(source, disclosure) for disclosure in (STRICTEST, EVERYTHING)]
    for names, *told, reason in rows:
        assert reason.strip()
        for keyword in re.findall(r"`(\w+)`", names):
            for header, cell in zip(made, told, strict=True):
                there = header.get(keyword) not in (None, "")
                assert there == (not cell.strip().startswith(("absent", "empty"))), keyword


def made_of(source: Dataset, disclosure: Disclosure) -> Dataset:
    return tags.deidentify(
        source, known=identifiers.of(source), disclosure=disclosure, secret=bytes(32), burned_in_clean=True
    )
