"""The mark that a picture may tell the sex: set by hand, taken away with a reason."""

import pytest

from deid.errors import ReviewRefusal, ReviewRefused
from deid.services import sex_mark
from deid.services.release import released_pictures
from deid.states import InstanceState, SexMarkReason
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.HELD])
def test_anybody_who_reviews_sets_it(state: InstanceState) -> None:
    instance = make_picture(state=state)
    by = make_staff(instance.clinic, Role.SONOGRAPHER)
    marked = sex_mark.set_mark(instance, by=by)
    assert (marked.tells_sex, marked.state) == (True, state)
    entry = Entry.objects.get(event="sex_mark_set")
    assert (entry.actor, entry.object_id, entry.detail) == (f"user:{by.pk}", instance.pk, {"release_ended": False})


def test_a_release_that_did_not_know_of_it_ends() -> None:
    instance = make_picture(state=InstanceState.RELEASED)
    marked = sex_mark.set_mark(instance, by=make_staff(instance.clinic, Role.SONOGRAPHER))
    assert (marked.state, marked.released_by, marked.tells_sex) == (InstanceState.CLEAN, None, True)
    assert released_pictures(instance.study_id) == []
    assert Entry.objects.get(event="sex_mark_set").detail == {"release_ended": True}


@pytest.mark.parametrize("state", ["received", "processing", "rejected", "failed"])
def test_no_other_state_is_marked(state: str) -> None:
    instance = make_picture(state=InstanceState(state))
    with pytest.raises(ReviewRefused) as raised:
        sex_mark.set_mark(instance, by=make_staff(instance.clinic))
    assert raised.value.reason is ReviewRefusal.STATE


def test_marking_twice_and_taking_away_what_is_not_there_is_refused() -> None:
    marked, plain = make_picture(tells_sex=True), make_picture()
    for step in (
        lambda: sex_mark.set_mark(marked, by=make_staff(marked.clinic)),
        lambda: sex_mark.lift_mark(plain, by=make_staff(plain.clinic), reason=SexMarkReason.MISREAD),
    ):
        with pytest.raises(ReviewRefused) as raised:
            step()
        assert raised.value.reason is ReviewRefusal.STATE


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED])
def test_a_clinician_takes_it_away_and_the_reason_is_on_the_trail(state: InstanceState) -> None:
    instance = make_picture(state=state, tells_sex=True)
    lifted = sex_mark.lift_mark(instance, by=make_staff(instance.clinic), reason=SexMarkReason.NOT_VISIBLE)
    assert (lifted.tells_sex, lifted.state) == (False, state)
    assert Entry.objects.get(event="sex_mark_lifted").detail == {"reason": "not_visible"}


def test_a_sonographer_does_not_take_it_away() -> None:
    instance = make_picture(tells_sex=True)
    with pytest.raises(ReviewRefused) as raised:
        sex_mark.lift_mark(instance, by=make_staff(instance.clinic, Role.SONOGRAPHER), reason=SexMarkReason.NOT_VISIBLE)
    assert raised.value.reason is ReviewRefusal.NO_RIGHT
    instance.refresh_from_db()
    assert instance.tells_sex
