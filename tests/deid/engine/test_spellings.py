"""Every usual way of writing a name, a day or a time is among the spellings that are looked for."""

import pytest

from deid.engine import identifiers, spellings
from tests.deid.engine.headers import ultrasound

pytestmark = pytest.mark.requirement("R32")

SOURCE = {
    "PatientName": "Müller-Łaski^Anna^Maria",
    "PatientBirthDate": "19900307",
    "StudyDate": "20260114",
    "StudyTime": "153210",
}
KNOWN = spellings.of(identifiers.of(ultrasound(**SOURCE)))


@pytest.mark.parametrize(
    "form",
    [
        "Müller-Łaski",
        "Anna Müller-Łaski",
        "Müller-Łaski, Anna",
        "A. Müller-Łaski",
        "A Müller-Łaski",
        "AMüller-Łaski",
        "Müller-Łaski A.",
        "Müller-Łaski, A",
        "Müller-Łaski_Anna",
        "Müller-Łaski AM",
        "A.M. Müller-Łaski",
        "mueller-laski",
        "muller-laski",
        "anna mueller-laski",
    ],
)
def test_a_name_in_all_its_forms(form: str) -> None:
    assert any(form.casefold() == known or known in form.casefold() for known in KNOWN)


@pytest.mark.parametrize(
    "form",
    [
        *("19900307", "07031990", "03071990", "1990-03-07", "07.03.1990", "7.3.1990", "3/7/1990", "07/03/90", "7.3.90"),
        *(
            "900307",
            "070390",
            "030790",
            "90-03-07",
            "7 mar 1990",
            "07-mar-90",
            "march 7, 1990",
            "7. märz 1990",
            "7mar90",
        ),
    ],
)
def test_a_day_in_all_its_forms(form: str) -> None:
    plain = form.casefold().replace("ä", "ae")
    assert any(known in plain or known in form.casefold() for known in KNOWN if len(known) >= 6)


@pytest.mark.parametrize(
    "form", ["153210", "15:32:10", "15.32.10", "15-32-10", "3:32:10", "03:32:10", "15:32", "3:32 pm"]
)
def test_a_time_in_all_its_forms(form: str) -> None:
    assert form in KNOWN


def test_whole_hours_and_short_values_are_nobodys() -> None:
    known = spellings.of(identifiers.of(ultrasound(StudyTime="120000", PatientName="Li^Bo", OperatorsName="")))
    assert not any(form.startswith("12:00") for form in known)
    assert "li" not in known
    assert "bo li" in known
    assert "b. li" in known


def test_no_name_makes_spellings_without_end() -> None:
    known = identifiers.of(ultrasound(PatientName="^".join(["Anna"] * 40), PatientBirthDate="19900307"))
    assert len(spellings.of(known)) < 2_000
