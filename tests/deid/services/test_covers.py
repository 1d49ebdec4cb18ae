"""A person changes the covers: the picture is cleaned again, approval ends, and nobody overwrites another unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.engine.geometry import Box, Why
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Edit, Instance
from deid.services import covers
from deid.services.release import released_pictures
from deid.states import InstanceState, LiftReason
from tests.factories.clinics import make_staff
from tests.factories.pictures import COLUMNS, ROWS, make_picture
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.jobs.models import Job
from ultrasound_portal.jobs.states import JobState

pytestmark = pytest.mark.django_db
BOX = Box(4, 5, 20, 10, 0, 0, Why.MANUAL)
OTHER = Box(40, 30, 9, 9, 0, 0, Why.MANUAL)
TEXT = Box(30, 20, 12, 6, 0, 0, Why.UNKNOWN_TEXT)


@pytest.fixture
def instance() -> Instance:
    return make_picture()


@pytest.fixture
def by(instance: Instance) -> User:
    return make_staff(instance.clinic)


def cleaned(instance: Instance) -> Instance:
    """Stand for the worker that cleaned the picture again."""
    Instance.objects.filter(pk=instance.pk).update(state=InstanceState.CLEAN)
    return Instance.objects.get(pk=instance.pk)


def found(instance: Instance, *boxes: Box) -> Instance:
    """Let the current run have found these boxes."""
    instance.current_run.report["boxes"] = [box.to_json() for box in boxes]
    instance.current_run.save()
    return instance


def events(instance: Instance) -> list[str]:
    return list(Entry.objects.filter(object_id=instance.pk).order_by("seq").values_list("event", flat=True))


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED])
def test_an_edit_ends_the_approval_and_queues_a_new_run(state: InstanceState) -> None:
    instance = make_picture(state=state)
    changed = covers.edit(instance, [BOX], by=make_staff(instance.clinic), edition=0)
    assert (changed.state, changed.released_by, changed.edition) == (InstanceState.RECEIVED, None, 1)
    assert changed.covers == [BOX.to_json()]
    assert Job.objects.get(object_id=instance.pk).state == JobState.QUEUED
    assert released_pictures(instance.study_id) == []
    assert events(instance) == ["boxes_added"]


def test_a_moved_box_is_one_that_goes_and_one_that_comes(instance: Instance, by: User) -> None:
    covers.edit(instance, [BOX], by=by, edition=0)
    covers.edit(cleaned(instance), [OTHER], by=by, edition=1)
    assert events(instance) == ["boxes_added", "boxes_added", "boxes_removed"]
    assert cleaned(instance).covers == [OTHER.to_json()]


def test_two_people_at_one_picture_the_second_is_told_and_nothing_is_done(instance: Instance, by: User) -> None:
    covers.edit(instance, [BOX], by=by, edition=0)
    with pytest.raises(ReviewRefused) as raised:
        covers.edit(cleaned(instance), [OTHER], by=make_staff(instance.clinic), edition=0)
    assert raised.value.reason is ReviewRefusal.EDITED
    assert cleaned(instance).covers == [BOX.to_json()]


def test_an_edit_that_changes_nothing_cleans_nothing(instance: Instance, by: User) -> None:
    with pytest.raises(ReviewRefused) as raised:
        covers.edit(instance, [], by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.UNCHANGED
    assert not Job.objects.filter(object_id=instance.pk).exists()


@given(
    x=st.integers(0, 2 * COLUMNS),
    y=st.integers(0, 2 * ROWS),
    w=st.integers(1, 2 * COLUMNS),
    h=st.integers(1, 2 * ROWS),
    last=st.integers(0, 2),
)
def test_a_box_is_taken_only_if_all_of_it_lies_in_the_picture(x: int, y: int, w: int, h: int, last: int) -> None:
    instance = Instance(columns=COLUMNS, rows=ROWS, frames=1)
    box = Box(x, y, w, h, 0, last, Why.MANUAL)
    if x + w <= COLUMNS and y + h <= ROWS and last == 0:
        covers._check_inside(instance, box)
    else:
        with pytest.raises(ReviewRefused) as raised:
            covers._check_inside(instance, box)
        assert raised.value.reason is ReviewRefusal.OUTSIDE


def test_a_box_outside_changes_nothing(instance: Instance, by: User) -> None:
    with pytest.raises(ReviewRefused) as raised:
        covers.edit(instance, [BOX, Box(COLUMNS - 5, 0, 6, 5, 0, 0, Why.MANUAL)], by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.OUTSIDE
    assert not Edit.objects.exists()


def test_covers_have_an_end(instance: Instance, by: User) -> None:
    with pytest.raises(ReviewRefused) as raised:
        covers.edit(instance, [BOX] * (covers.COVERS_AT_MOST + 1), by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.TOO_MANY


@pytest.mark.parametrize("state", [InstanceState.RECEIVED, InstanceState.PROCESSING, InstanceState.REJECTED])
def test_a_picture_that_is_being_cleaned_or_rejected_takes_no_covers(state: InstanceState) -> None:
    instance = make_picture(state=state)
    with pytest.raises(ReviewRefused) as raised:
        covers.edit(instance, [BOX], by=make_staff(instance.clinic), edition=0)
    assert raised.value.reason is ReviewRefusal.STATE
    assert not Edit.objects.exists()


def test_an_edit_is_undone_by_a_further_edit_and_that_one_too(instance: Instance, by: User) -> None:
    covers.edit(instance, [BOX], by=by, edition=0)
    assert covers.undo(cleaned(instance), by=by, edition=1).covers == []
    assert covers.undo(cleaned(instance), by=by, edition=2).covers == [BOX.to_json()]
    assert list(instance.edits.values_list("number", flat=True)) == [0, 1, 2, 3]
    assert events(instance) == ["boxes_added", "edit_undone", "edit_undone"]


def test_the_undoing_of_the_first_edit_keeps_the_covers_that_were_there(instance: Instance, by: User) -> None:
    Instance.objects.filter(pk=instance.pk).update(covers=[OTHER.to_json()])
    covers.edit(instance, [OTHER, BOX], by=by, edition=0)
    assert covers.undo(cleaned(instance), by=by, edition=1).covers == [OTHER.to_json()]


def test_nothing_is_undone_before_the_first_edit(instance: Instance, by: User) -> None:
    with pytest.raises(ReviewRefused) as raised:
        covers.undo(instance, by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.UNCHANGED


@pytest.mark.parametrize("why", [Why.UNKNOWN_TEXT, Why.TEXT_LEFT, Why.DEVICE])
def test_a_cover_is_taken_away_with_a_reason_and_put_back(instance: Instance, by: User, why: Why) -> None:
    box = Box(30, 20, 12, 6, 0, 0, why)
    lifted = covers.lift(found(instance, box), box, reason=LiftReason.MACHINE, by=by, edition=0)
    assert covers.lifted_boxes(lifted) == [box.to_json()]
    entry = Entry.objects.get(event="cover_lifted")
    assert entry.detail == {"reason": "machine", "why": why.value, "edition": 1}
    assert covers.restore(cleaned(instance), 0, by=by, edition=1).lifts == []
    assert events(instance) == ["cover_lifted", "cover_restored"]


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("why", [Why.OUTSIDE, Why.IDENTIFIER, Why.MANUAL])
def test_what_identifies_or_lies_outside_stays_covered(instance: Instance, by: User, why: Why) -> None:
    box = Box(30, 20, 12, 6, 0, 0, why)
    with pytest.raises(ReviewRefused) as raised:
        covers.lift(found(instance, box), box, reason=LiftReason.MACHINE, by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.NOT_LIFTABLE


def test_only_a_box_that_the_run_found_is_taken_away(instance: Instance, by: User) -> None:
    whole = Box(0, 0, COLUMNS, ROWS, 0, 0, Why.UNKNOWN_TEXT)
    with pytest.raises(ReviewRefused) as raised:
        covers.lift(found(instance, TEXT), whole, reason=LiftReason.PICTURE, by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.NOT_LIFTABLE


@pytest.mark.parametrize("number", [-1, 0, 5])
def test_what_was_not_taken_away_is_not_put_back(instance: Instance, by: User, number: int) -> None:
    with pytest.raises(ReviewRefused) as raised:
        covers.restore(instance, number, by=by, edition=0)
    assert raised.value.reason is ReviewRefusal.NOT_LIFTABLE
