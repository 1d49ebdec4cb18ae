"""Two questions, two records, and a second person where the clinic demands one."""

import pytest

from deid.engine.geometry import Box, Why
from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Approval, Instance
from deid.services import covers, gates, review
from deid.services.release import released_pictures
from deid.states import Gate, InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance() -> Instance:
    return make_picture()


@pytest.fixture
def first(instance: Instance) -> User:
    return make_staff(instance.clinic, Role.SONOGRAPHER)


@pytest.fixture
def second(instance: Instance) -> User:
    return make_staff(instance.clinic)


def demand_two(instance: Instance) -> None:
    by = make_staff(instance.clinic, Role.ADMINISTRATOR)
    gates.change_rule(instance.clinic, second_person=True, by=by)


def standing(instance: Instance) -> dict[str, object]:
    approvals = Approval.objects.filter(instance=instance, ended_at=None)
    return {approval.gate: approval.by for approval in approvals}


def release(instance: Instance, by: User) -> Instance:
    return review.release(instance, by=by, seen=instance.current_run_id)


def test_each_gate_has_its_own_record(instance: Instance, first: User, second: User) -> None:
    review.find_clean(instance, by=first, seen=instance.current_run_id)
    assert instance.state == InstanceState.CLEAN
    assert standing(instance) == {"clean": first}
    release(instance, second)
    assert standing(instance) == {"clean": first, "release": second}
    assert [entry.event for entry in Entry.objects.filter(object_id=instance.pk).order_by("seq")] == [
        "picture_found_clean",
        "instance_released",
    ]


def test_who_releases_what_nobody_looked_at_answers_both(instance: Instance, second: User) -> None:
    release(instance, second)
    assert standing(instance) == {"clean": second, "release": second}
    assert Approval.objects.get(gate=Gate.CLEAN).unseen_frames == 1


@pytest.mark.requirement("R34")
def test_where_the_clinic_demands_it_one_person_is_not_enough(instance: Instance, second: User) -> None:
    demand_two(instance)
    for _ in range(2):
        with pytest.raises(ReviewRefused) as raised:
            release(instance, second)
        assert raised.value.reason is ReviewRefusal.SECOND_PERSON
    review.find_clean(instance, by=second, seen=instance.current_run_id)
    with pytest.raises(ReviewRefused):
        release(instance, second)
    assert release(instance, make_staff(instance.clinic)).state == InstanceState.RELEASED


def test_a_finding_twice_is_one_record(instance: Instance, first: User, second: User) -> None:
    for by in (first, second):
        review.find_clean(instance, by=by, seen=instance.current_run_id)
    assert standing(instance) == {"clean": first}


def test_any_edit_clears_both(instance: Instance, second: User) -> None:
    released = release(instance, second)
    covers.edit(released, [Box(1, 1, 9, 9, 0, 0, Why.MANUAL)], by=second, edition=0)
    assert standing(instance) == {}
    assert Approval.objects.count() == 2


def test_a_release_taken_back_leaves_the_first_gate_passed(instance: Instance, second: User) -> None:
    review.undo_release(release(instance, second), by=second)
    assert standing(instance) == {"clean": second}
    release(instance, second)
    assert Approval.objects.filter(gate=Gate.RELEASE).count() == 2


def test_a_held_picture_is_found_clean_by_a_clinician_who_says_the_sentence() -> None:
    held = make_picture(state=InstanceState.HELD, reason="text_left")
    clinician = make_staff(held.clinic)
    for by, confirmed, told in (
        (make_staff(held.clinic, Role.SONOGRAPHER), True, ReviewRefusal.NO_RIGHT),
        (clinician, False, ReviewRefusal.NOT_CONFIRMED),
    ):
        with pytest.raises(ReviewRefused) as raised:
            review.find_clean(held, by=by, seen=held.current_run_id, confirmed=confirmed)
        assert raised.value.reason is told
    review.find_clean(held, by=clinician, seen=held.current_run_id, confirmed=True)
    assert Approval.objects.get().confirmed


def test_what_was_cleaned_again_since_is_not_found_clean(instance: Instance, first: User) -> None:
    with pytest.raises(ReviewRefused) as raised:
        review.find_clean(instance, by=first, seen=None)
    assert raised.value.reason is ReviewRefusal.STATE


def test_the_sharing_storey_can_ask_whether_two_people_looked(instance: Instance, first: User, second: User) -> None:
    other = make_picture(instance.study)
    review.find_clean(instance, by=first, seen=instance.current_run_id)
    for picture in (instance, other):
        release(picture, second)
    told = {picture.picture_id: picture.artefacts[0].two_people for picture in released_pictures(instance.study_id)}
    assert told == {instance.pk: True, other.pk: False}


def test_the_rule_is_on_the_trail_and_can_be_given_up(instance: Instance, second: User) -> None:
    demand_two(instance)
    gates.change_rule(instance.clinic, second_person=False, by=second)
    assert not gates.needs_second_person(instance.clinic)
    assert [entry.detail for entry in Entry.objects.filter(event="gates_changed").order_by("seq")] == [
        {"second_person": True},
        {"second_person": False},
    ]


@pytest.mark.parametrize(
    ("found_by", "may_release", "two", "opened"),
    [
        ("", True, False, Gate.RELEASE),
        ("own", True, False, Gate.RELEASE),
        ("", True, True, Gate.CLEAN),
        ("own", True, True, None),
        ("other", True, True, Gate.RELEASE),
        ("", False, False, Gate.CLEAN),
        ("own", False, False, None),
        ("other", False, True, None),
    ],
)
def test_the_gate_that_is_open_to_a_person(
    instance: Instance, second: User, found_by: str, *, may_release: bool, two: bool, opened: Gate | None
) -> None:
    known = Approval(by=second if found_by == "own" else make_staff(instance.clinic)) if found_by else None
    assert gates.open_gate(known, by=second, may_release=may_release, two=two) == opened


def test_a_finding_is_taken_back_once_and_not_after_a_release(instance: Instance, second: User) -> None:
    review.find_clean(instance, by=second, seen=instance.current_run_id)
    approval = Approval.objects.get()
    gates.take_clean_back(approval)
    gates.take_clean_back(approval)
    assert gates.standing(instance, Gate.CLEAN) is None
    assert Entry.objects.filter(event="finding_undone").count() == 1
    release(instance, second)
    with pytest.raises(ReviewRefused):
        gates.take_clean_back(Approval.objects.get(gate=Gate.CLEAN, ended_at=None))
