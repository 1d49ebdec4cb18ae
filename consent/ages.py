"""Whole years and the days on which they are reached."""

import datetime

from django.utils import timezone

MARCH_FIRST = "03-01"


def birthday(born: datetime.date, age: int, leap_birthday: str) -> datetime.date:
    """The day on which somebody born on `born` reaches `age` whole years.

    `leap_birthday` is the day, `02-28` or `03-01`, that stands for 29 February in a year without one.
    """
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        month, day = (3, 1) if leap_birthday == MARCH_FIRST else (2, 28)
        return datetime.date(year, month, day)


def age_on(born: datetime.date, day: datetime.date, leap_birthday: str) -> int:
    """Whole years on `day`; negative before birth."""
    years = day.year - born.year
    return years if birthday(born, years, leap_birthday) <= day else years - 1


def start_of(day: datetime.date) -> datetime.datetime:
    """The first moment of a day in the clinic's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def end_of(day: datetime.date) -> datetime.datetime:
    """The last second of a day in the clinic's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))


def parsed(date_of_birth: str) -> datetime.date | None:
    """The date that a study gives as YYYYMMDD (DICOM PS3.5 section 6.2, DA), or nothing where it gives none."""
    try:
        return datetime.datetime.strptime(date_of_birth, "%Y%m%d").replace(tzinfo=datetime.UTC).date()
    except ValueError:
        return None
