"""Days and times are known in every form that headers and screens use."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine import dates
from deid.engine.dates import Clock, Day, Moments

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))


@pytest.mark.parametrize(
    ("value", "days", "clocks"),
    [
        ("19900312", {Day(1990, 3, 12)}, set()),
        ("1990.03.12", {Day(1990, 3, 12)}, set()),
        ("143210", set(), {Clock(14, 32, 10)}),
        ("14:32:10.5", set(), {Clock(14, 32, 10)}),
        ("1432", set(), {Clock(14, 32, -1)}),
        ("20260114143210.250000+0100", {Day(2026, 1, 14)}, {Clock(14, 32, 10)}),
        ("12.03.1990 08:15", {Day(1990, 3, 12), Day(1990, 12, 3)}, {Clock(8, 15, -1)}),
        ("never", set(), set()),
    ],
)
def test_header_values_are_read(value: str, days: set[Day], clocks: set[Clock]) -> None:
    moments = Moments.of([value])
    assert moments.days == days
    assert moments.clocks == clocks


@given(
    DAYS,
    st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %b %Y", "%b %d, %Y", "%d-%B-%y", "%d%m%Y", "%d.%m.%y"]),
)
def test_every_form_of_a_day_is_recognised(day: datetime.date, form: str) -> None:
    moments = Moments.of([day.strftime("%Y%m%d")])
    assert moments.occur_in("Date: " + day.strftime(form) + " GA")


@given(DAYS, DAYS)
def test_another_day_is_not_recognised(day: datetime.date, other: datetime.date) -> None:
    moments = Moments.of([day.strftime("%Y%m%d")])
    same = sorted((day.day, day.month)) == sorted((other.day, other.month)) and day.year == other.year
    if not same:
        assert not moments.occur_in(other.strftime("%Y-%m-%d"))


@given(st.times(), st.booleans())
def test_times_are_recognised_to_the_minute(time: datetime.time, short: bool) -> None:
    moments = Moments.of([time.strftime("%H%M%S")])
    assert moments.occur_in(time.strftime("%I:%M %p" if short else "%H:%M:%S"))


@pytest.mark.parametrize("text", ["14.32 cm", "1:4", "143 bpm", "Dist 14 32"])
def test_measurements_are_no_times(text: str) -> None:
    assert not Moments.of(["143210"]).occur_in(text)


def test_spellings_hold_the_common_forms() -> None:
    forms = Moments.of(["19900312", "143210"]).spellings()
    assert {
        "19900312",
        "12.03.1990",
        "12/03/1990",
        "1990-03-12",
        "03/12/1990",
        "12 mar 1990",
        "143210",
        "14:32:10",
    } <= forms


def test_a_full_hour_is_not_swept() -> None:
    assert "120000" not in Moments.of(["120000"]).spellings()


def test_dates_are_found_inside_text() -> None:
    assert dates.found_in("path C:/2016/x, 2016-05-03T12:15 and 04.05.2017") == {"20160503", "20170504", "20170405"}


def test_nothing_is_shown_in_a_representation() -> None:
    assert "1990" not in repr(Moments.of(["19900312"]))


def test_moments_that_may_be_told_are_taken_out() -> None:
    known = Moments.of(["19900312", "20260114", "143210.5", "20260114143210", "101112", "no date"])
    left = known.without(Moments.of(["20260114", "143210"]))
    assert left.raw == {"19900312", "101112", "no date"}
    assert left.days == {Day(1990, 3, 12)}
    assert left.clocks == {Clock(10, 11, 12)}
