"""What she says of a link for her family: a name, a day within bounds, and whether it can be saved."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from sharing.family_form import FamilyForm

pytestmark = pytest.mark.django_db

LIFE = timedelta(days=30)
FIRST, SECOND = uuid4(), uuid4()


def form(**said: str | list[str]) -> FamilyForm:
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    data = {"submission": str(uuid4()), "nickname": "Grandma", "until": until, "picture": [str(FIRST)], **said}
    return FamilyForm(data, latest=timezone.now() + LIFE, pictures=[FIRST, SECOND])


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
    until = timezone.localdate(latest).isoformat()
    data = {"submission": str(uuid4()), "nickname": "x", "until": until, "picture": [str(FIRST)]}
    filled = FamilyForm(data, latest=latest, pictures=[FIRST])
    assert filled.is_valid()
    assert filled.wish().not_after == latest


@pytest.mark.parametrize("nickname", ["", "   ", "x" * 81])
def test_a_name_is_needed(nickname: str) -> None:
    assert "nickname" in form(nickname=nickname).errors


def test_all_are_ticked_at_first_and_then_what_she_chose() -> None:
    assert FamilyForm(None, latest=timezone.now() + LIFE, pictures=[FIRST, SECOND]).ticked == {FIRST, SECOND}
    assert form().ticked == {FIRST}


@pytest.mark.parametrize("chosen", [[], ["x"], [str(uuid4())]], ids=["none", "no-key", "a-stranger"])
def test_what_she_may_not_give_is_no_choice(chosen: list[str]) -> None:
    filled = form(picture=chosen)
    assert "picture" in filled.errors
    assert filled.ticked == frozenset()
