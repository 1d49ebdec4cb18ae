"""What every step of a reviewer has in common."""

import pytest

from deid.errors import ReviewRefusal, ReviewRefused
from deid.services import steps
from deid.states import InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.REVIEWER])
def test_who_releases_in_the_clinic_may(role: Role) -> None:
    instance = make_picture()
    steps.check_may_release(instance, make_staff(instance.clinic, role))


def test_a_sonographer_an_administrator_and_another_clinics_clinician_may_not() -> None:
    instance = make_picture()
    others = (make_staff(instance.clinic, role) for role in (Role.SONOGRAPHER, Role.ADMINISTRATOR))
    for by in (*others, make_staff()):
        with pytest.raises(ReviewRefused) as raised:
            steps.check_may_release(instance, by)
        assert raised.value.reason is ReviewRefusal.NO_RIGHT


def test_a_move_that_the_table_does_not_know_is_refused() -> None:
    instance = make_picture(state=InstanceState.REJECTED, reason="poor")
    with pytest.raises(ReviewRefused) as raised:
        steps.move(instance, InstanceState.RELEASED)
    assert raised.value.reason is ReviewRefusal.STATE


def test_taking_back_goes_to_what_the_run_found() -> None:
    instance = make_picture(state=InstanceState.RELEASED)
    steps.take_back(instance)
    assert instance.state == InstanceState.CLEAN


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.HELD, InstanceState.REJECTED])
def test_only_a_release_is_taken_back(state: InstanceState) -> None:
    with pytest.raises(ReviewRefused):
        steps.take_back(make_picture(state=state))


def test_the_locked_row_is_the_one_of_the_database() -> None:
    instance = make_picture()
    instance.state = InstanceState.REJECTED
    assert steps.lock(instance).state == InstanceState.CLEAN


def test_queueing_again_saves_the_picture_with_its_job() -> None:
    instance = make_picture()
    steps.queue_again(instance)
    instance.refresh_from_db()
    assert instance.state == InstanceState.RECEIVED
    assert Job.objects.get(object_id=instance.pk).clinic_id == instance.clinic_id
    with pytest.raises(ReviewRefused):
        steps.queue_again(instance)


def test_the_entry_names_person_picture_and_patient() -> None:
    instance = make_picture()
    by = make_staff(instance.clinic)
    steps.audit(Event.BOXES_ADDED, instance, by, {"boxes": 2})
    entry = Entry.objects.get(event="boxes_added")
    assert (entry.actor, entry.object_id) == (f"user:{by.pk}", instance.pk)
    assert (entry.patient_id, entry.detail) == (instance.study.patient_id, {"boxes": 2})
