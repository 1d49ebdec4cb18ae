"""The limits of the law run from the moment at which the clinic knew."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.models import Profile
from sharing.clocks import CLOCKS, deadlines

KNOWN = datetime(2026, 3, 1, 9, tzinfo=UTC)
AFTER = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=100))


@pytest.mark.requirement("R51")
def test_72_hours_and_60_days() -> None:
    assert [one.at - KNOWN for one in deadlines(KNOWN, profile="uk", at=KNOWN)] == [timedelta(hours=72)]
    assert [one.at - KNOWN for one in deadlines(KNOWN, profile="us", at=KNOWN)] == [timedelta(days=60)]


@given(AFTER)
def test_what_is_left_and_over_agree(passed: timedelta) -> None:
    for one in deadlines(KNOWN, profile="elsewhere", at=KNOWN + passed):
        assert one.over == (passed >= one.clock.within)
        assert timedelta(hours=one.hours_left) <= max(one.left, timedelta(0)) < timedelta(hours=one.hours_left + 1)
        assert one.days_left == one.hours_left // 24


def test_where_a_site_wrote_its_own_rules_every_clock_runs() -> None:
    found = deadlines(KNOWN, profile="elsewhere", at=KNOWN)
    assert {one.clock for one in found} == set(CLOCKS)
    assert [one.at for one in found] == sorted(one.at for one in found)


@pytest.mark.django_db
def test_every_profile_that_ships_has_a_clock() -> None:
    covered = frozenset().union(*(clock.profiles for clock in CLOCKS))
    assert set(Profile.objects.values_list("pk", flat=True)) == covered
