"""Sets the dates and times of an examination in a clean header, put back by the patient's offset.

Only these attributes are read, and each is written anew from its parts: whole seconds, no zone (PS3.15 E.3.6).
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from pydicom.dataset import Dataset

from deid.engine.header_values import plain

PAIRS = (
    ("StudyDate", "StudyTime"),
    ("SeriesDate", "SeriesTime"),
    ("AcquisitionDate", "AcquisitionTime"),
    ("ContentDate", "ContentTime"),
)
STAMP = "AcquisitionDateTime"

# earlier years are those of a machine without a clock
_FIRST_YEAR = 1900
_DATE = re.compile(r"(\d{4})\.?(\d\d)\.?(\d\d)")
_TIME = re.compile(r"(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.\d{1,6})?)?)?")
_STAMP = re.compile(r"(\d{8})(\d{2}|\d{4}|\d{6})?(?:\.\d{1,6})?(?:[+-]\d{4})?")


def set_moments(source: Dataset, target: Dataset, *, back: timedelta) -> None:
    """Set the dates and times that `source` has, each `back` earlier; a time stays only beside its date."""
    for date_keyword, time_keyword in PAIRS:
        day, clock = day_of(plain(source, date_keyword)), _clock(plain(source, time_keyword))
        if day is None:
            continue
        moment = _earlier(day, clock, back)
        setattr(target, date_keyword, written(moment.date()))
        if clock is not None:
            setattr(target, time_keyword, moment.strftime("%H%M%S"))
    match = _STAMP.fullmatch(plain(source, STAMP))
    day = day_of(match[1]) if match else None
    if match and day is not None:
        clock = _clock(match[2] or "")
        moment = _earlier(day, clock, back)
        setattr(target, STAMP, written(moment.date()) + (moment.strftime("%H%M%S") if clock else ""))


def day_of(text: str) -> date | None:
    """Return the day that a DA value means, the dotted form of ACR-NEMA included, or None."""
    match = _DATE.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match and int(match[1]) >= _FIRST_YEAR else None
    except ValueError:
        return None


def written(day: date) -> str:
    """Return a DA value; the year has four digits on every system."""
    return day.isoformat().replace("-", "")


def told(header: Dataset) -> Iterator[str]:
    """Yield the dates and times that a clean header tells, at every depth."""
    for element in header.iterall():
        if element.VR in ("DA", "DT", "TM") and element.value:
            yield str(element.value)


def _clock(text: str) -> time | None:
    match = _TIME.fullmatch(text)
    try:
        return time(int(match[1]), int(match[2] or 0), int(match[3] or 0)) if match else None
    except ValueError:
        return None


def _earlier(day: date, clock: time | None, back: timedelta) -> datetime:
    """Put a moment back; a day without a time by whole days."""
    if clock is None:
        return datetime.combine(day - timedelta(days=back.days), time())
    return datetime.combine(day, clock) - back
