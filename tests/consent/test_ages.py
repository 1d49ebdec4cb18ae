"""Whole years, at the edges that a calendar has."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ages import age_on, birthday, end_of, parsed, start_of

DAY = datetime.timedelta(days=1)
LEAPS = ("02-28", "03-01")
born_days = st.dates(datetime.date(1920, 1, 1), datetime.date(2026, 1, 1))


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(("leap", "reached"), [("02-28", "2026-02-28"), ("03-01", "2026-03-01")])
def test_a_birthday_on_29_february_is_kept_as_the_profile_says(leap: str, reached: str) -> None:
    assert birthday(datetime.date(2008, 2, 29), 18, leap).isoformat() == reached
    assert birthday(datetime.date(2008, 2, 29), 20, leap).isoformat() == "2028-02-29"


@pytest.mark.requirement("R23")
@given(born=born_days, age=st.integers(0, 120), leap=st.sampled_from(LEAPS))
def test_an_age_is_reached_on_its_birthday_and_not_the_day_before(born: datetime.date, age: int, leap: str) -> None:
    day = birthday(born, age, leap)
    assert age_on(born, day, leap) == age
    assert age_on(born, day - DAY, leap) == age - 1


def test_before_birth_an_age_is_negative() -> None:
    assert age_on(datetime.date(2026, 5, 2), datetime.date(2026, 5, 1), "03-01") == -1


def test_a_day_has_its_first_and_last_second() -> None:
    day = datetime.date(2026, 11, 22)
    assert end_of(day) - start_of(day) == datetime.timedelta(hours=23, minutes=59, seconds=59)


@pytest.mark.parametrize("text", ["", "1990", "19901332", "unknown", "1990-02-14"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parsed(text) is None
    assert parsed("19900214") == datetime.date(1990, 2, 14)
