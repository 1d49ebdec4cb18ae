"""What she says of a link for her family: a name, a day within bounds, and whether it can be saved."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from sharing.family_form import FamilyForm

pytestmark = pytest.mark.django_db

LIFE = timedelta(days=30)


def form(**said: str) -> FamilyForm:
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    data = {"submission": str(uuid4()), "nickname": "Grandma", "until": until, **said}
    return FamilyForm(data, latest=timezone.now() + LIFE)


def test_it_works() -> None:
    filled = form(download_allowed="on")
    assert filled.is_valid()
    wish = filled.wish()
    assert (wish.nickname, wish.download_allowed) == ("Grandma", True)
    assert timedelta(days=2) < wish.not_after - timezone.now() < timedelta(days=4, hours=1)


def test_saving_is_off_unless_she_ticks_it() -> None:
    filled = form()
    assert filled.is_valid()
    assert not filled.wish().download_allowed


@pytest.mark.parametrize("days", [-1, 31, 400])
def test_a_day_outside_the_bounds_is_refused(days: int) -> None:
    assert "until" in form(until=(timezone.localdate() + timedelta(days=days)).isoformat()).errors


@pytest.mark.parametrize("until", ["", "soon", "2026-13-40"])
def test_what_is_no_day_is_refused(until: str) -> None:
    assert "until" in form(until=until).errors


def test_the_last_day_ends_at_the_last_moment() -> None:
    latest = timezone.now() + LIFE
    data = {"submission": str(uuid4()), "nickname": "x", "until": timezone.localdate(latest).isoformat()}
    filled = FamilyForm(data, latest=latest)
    assert filled.is_valid()
    assert filled.wish().not_after == latest


@pytest.mark.parametrize("nickname", ["", "   ", "x" * 81])
def test_a_name_is_needed(nickname: str) -> None:
    assert "nickname" in form(nickname=nickname).errors
