"""Dates move by one offset and keep their distances; what is no date is not there."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from deid.engine import timeline

BACK = timedelta(days=500, seconds=4_000)


def moved(*, back: timedelta = BACK, **values: object) -> Dataset:
    source, target = Dataset(), Dataset()
    for keyword, value in values.items():
        setattr(source, keyword, value)
    timeline.set_moments(source, target, back=back)
    return target


def test_date_and_time_move_together() -> None:
    result = moved(StudyDate="20260114", StudyTime="003000")
    assert (result.StudyDate, result.StudyTime) == ("20240831", "232320")


def test_nothing_moves_by_nothing() -> None:
    result = moved(back=timedelta(), StudyDate="20260114", StudyTime="143210.123", AcquisitionDateTime="20260114+0200")
    assert (result.StudyDate, result.StudyTime, result.AcquisitionDateTime) == ("20260114", "143210", "20260114")


def test_a_day_alone_moves_by_days() -> None:
    assert moved(SeriesDate="2026.01.14").SeriesDate == "20240901"
    assert "SeriesTime" not in moved(SeriesDate="20260114")


def test_a_stamp_moves_like_date_and_time() -> None:
    result = moved(AcquisitionDateTime="20260114003000.123456+0100")
    assert result.AcquisitionDateTime == "20240831232320"


@pytest.mark.parametrize(
    "value", ["", "ERIKA", "20261301", "20260230", "18500101", "00000000", "2026", "19900312ERIKA", ["20260114"] * 2]
)
def test_what_is_no_day_is_not_there(value: object) -> None:
    assert len(moved(StudyDate=value, StudyTime="143210", AcquisitionDateTime=value)) == 0


@pytest.mark.parametrize("value", ["", "9", "2500", "146010", "ERIKA", "143210ERIKA"])
def test_what_is_no_time_is_not_there(value: str) -> None:
    assert "StudyTime" not in moved(StudyDate="20260114", StudyTime=value)


def test_a_time_without_its_day_is_not_there() -> None:
    assert len(moved(StudyTime="143210", ContentTime="143210")) == 0


MOMENTS = st.builds(datetime.combine, st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.times())


@given(MOMENTS, MOMENTS, st.timedeltas(timedelta(days=400), timedelta(days=3652)))
def test_distances_stay(first: datetime, second: datetime, back: timedelta) -> None:
    back -= timedelta(microseconds=back.microseconds)
    result = moved(
        back=back,
        StudyDate=f"{first:%Y%m%d}",
        StudyTime=f"{first:%H%M%S}",
        ContentDate=f"{second:%Y%m%d}",
        ContentTime=f"{second:%H%M%S}",
    )
    read = [
        datetime.combine(
            date(int(day[:4]), int(day[4:6]), int(day[6:])), time(int(hour[:2]), int(hour[2:4]), int(hour[4:]))
        )
        for day, hour in ((result.StudyDate, result.StudyTime), (result.ContentDate, result.ContentTime))
    ]
    assert read[1] - read[0] == second.replace(microsecond=0) - first.replace(microsecond=0)
    assert read[0] == first.replace(microsecond=0) - back


def test_what_a_header_tells_is_found_at_every_depth() -> None:
    item, header = Dataset(), Dataset()
    item.Date = "20260301"
    header.StudyDate, header.StudyTime, header.PatientID = "20260114", "", "X"
    header.AcquisitionContextSequence = [item]
    assert sorted(timeline.told(header)) == ["20260114", "20260301"]
