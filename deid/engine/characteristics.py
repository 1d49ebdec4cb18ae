"""Sets what medicine needs to know of the patient and the pregnancy, one rule for each attribute (PS3.15 E.3.7).

The rules are written down with their reasons in docs/headers.md. Free text about the patient never passes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code

from deid.engine import timeline
from deid.engine.header_values import coded, items, numbers, plain, term
from deid.engine.profile_table import Number

SEXES = frozenset({"F", "M", "O"})
SIZE = Number("PatientSize", 0.2, 2.2)
WEIGHT = Number("PatientWeight", 0.3, 200)
PREGNANCY = Number("PregnancyStatus", 1, 4)
HEART_RATE = Number("HeartRate", 1, 400)
# ages over 89 are one class (45 CFR 164.514(b)(2)(i)(C))
OLDEST = 90

_AGE = re.compile(r"(\d{3})([DWMY])")
_DAYS = {"D": 1, "W": 7, "M": 30}
_HEAVY = 10
_MOST_ITEMS = 32
_DAY, _WEEK, _COUNT = Code("d", "UCUM", "day"), Code("wk", "UCUM", "week"), Code("1", "UCUM", "no units")


@dataclass(frozen=True, slots=True)
class _Context:
    """An item of the acquisition context: a number in one of some units, within bounds, or a date."""

    name: Code
    units: tuple[Code, ...] = ()
    most: float = 0


# the items of AcquisitionContextSequence (PS3.3 C.7.6.14) that stay, by their codes of LOINC (PS3.16 CID 12003, 12018)
CONTEXTS = (
    _Context(Code("18185-9", "LN", "Gestational Age"), (_DAY, _WEEK), 310),
    _Context(Code("11885-1", "LN", "Gestational Age by LMP"), (_DAY, _WEEK), 310),
    _Context(Code("11878-6", "LN", "Number of Fetuses by US"), (_COUNT,), 5),
    _Context(Code("8665-2", "LN", "LMP")),
    _Context(Code("11955-2", "LN", "LMP")),
    _Context(Code("11778-8", "LN", "EDD")),
    _Context(Code("11779-6", "LN", "EDD from LMP")),
)


def set_person(source: Dataset, target: Dataset) -> None:
    """Set sex, age, size, weight, pregnancy status and heart rate, as coarsely as they serve."""
    target.PatientSex = term(source, "PatientSex", SEXES)
    age = age_of(plain(source, "PatientAge"))
    if age:
        target.PatientAge = age
    rounded: tuple[tuple[Number, Callable[[float], float]], ...] = (
        (SIZE, lambda metres: round(metres, 2)),
        (WEIGHT, lambda kilograms: round(kilograms, 0 if kilograms >= _HEAVY else 1)),
        (PREGNANCY, int),
        (HEART_RATE, int),
    )
    for number, rule in rounded:
        for value in numbers(source, number):
            setattr(target, number.keyword, rule(value))


def age_of(text: str) -> str:
    """Return an AS value in whole years, or in months below one year; everybody from 90 on is 90."""
    match = _AGE.fullmatch(text)
    if match is None:
        return ""
    number, unit = int(match[1]), match[2]
    if unit == "Y":
        return f"{min(number, OLDEST):03}Y"
    months = number * _DAYS[unit] // _DAYS["M"]
    return f"{months:03}M" if months < 24 else f"{min(months // 12, OLDEST):03}Y"


def set_last_period(source: Dataset, target: Dataset, *, back: timedelta) -> None:
    """Set the first day of the last period, put back like every date: it gives the age of the pregnancy."""
    day = timeline.day_of(plain(source, "LastMenstrualDate"))
    if day is not None:
        target.LastMenstrualDate = timeline.written(day - timedelta(days=back.days))


def set_context(source: Dataset, target: Dataset, *, back: timedelta | None) -> None:
    """Rebuild what the acquisition context tells of the pregnancy; dates are `back` earlier, or absent for None."""
    found = [_rebuilt(item, back) for item in items(source, "AcquisitionContextSequence", most=_MOST_ITEMS)]
    kept = [item for item in found if item is not None]
    if kept:
        target.AcquisitionContextSequence = Sequence(kept)


def _rebuilt(source: Dataset, back: timedelta | None) -> Dataset | None:
    names = items(source, "ConceptNameCodeSequence", most=1)
    known = next((context for context in CONTEXTS for name in names if _is(name, context.name)), None)
    if known is None:
        return None
    item = Dataset()
    item.ConceptNameCodeSequence = Sequence([coded(known.name)])
    if known.units:
        return item if _set_number(source, item, known) else None
    day = timeline.day_of(plain(source, "Date"))
    if day is None or back is None:
        return None
    item.ValueType = "DATE"
    item.Date = timeline.written(day - timedelta(days=back.days))
    return item


def _set_number(source: Dataset, target: Dataset, known: _Context) -> bool:
    value = numbers(source, Number("NumericValue", 0, known.most))
    given = items(source, "MeasurementUnitsCodeSequence", most=1)
    unit = next((unit for unit in known.units for code in given if _is(code, unit)), None)
    if not value or unit is None:
        return False
    target.ValueType = "NUMERIC"
    target.NumericValue = value[0]
    target.MeasurementUnitsCodeSequence = Sequence([coded(unit)])
    return True


def _is(item: Dataset, code: Code) -> bool:
    return plain(item, "CodeValue") == code.value and plain(item, "CodingSchemeDesignator") == code.scheme_designator
