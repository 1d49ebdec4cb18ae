"""Which studies are wanted, in which order, and how their pictures stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deid.models import Instance, Study
from deid.services import embargoes, machines, review, worklists
from deid.services.worklists import Wanted
from deid.states import EmbargoGround, InstanceState
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic() -> Clinic:
    return make_clinic()


def stored(clinic: Clinic, *states: InstanceState, days: int = 0) -> Study:
    study = make_study(clinic)
    for state in states:
        make_picture(study, state)
    Study.objects.filter(pk=study.pk).update(received_at=timezone.now() - timedelta(days=days))
    return study


def found(clinic: Clinic, wanted: Wanted | None = None) -> list[Study]:
    studies = list(worklists.studies(clinic, wanted or Wanted()))
    assert worklists.how_many(clinic, wanted or Wanted()) == len(studies)
    return studies


def test_what_needs_a_person_comes_first_and_then_the_newest(clinic: Clinic) -> None:
    done = stored(clinic, InstanceState.RELEASED)
    busy = stored(clinic, InstanceState.PROCESSING, InstanceState.RELEASED)
    clean = stored(clinic, InstanceState.CLEAN, InstanceState.RECEIVED)
    old, failed = stored(clinic, InstanceState.HELD, days=9), stored(clinic, InstanceState.FAILED, InstanceState.CLEAN)
    stored(make_clinic(), InstanceState.HELD)
    assert found(clinic) == [failed, old, clean, busy, done]


def test_each_filter_alone_and_all_together(clinic: Clinic) -> None:
    today, last_week = stored(clinic, InstanceState.CLEAN), stored(clinic, InstanceState.HELD, days=6)
    by = make_staff(clinic)
    picture = today.instances.get()
    picture.machine = machines.find_or_create(clinic, manufacturer="Orbelle", model="8", station="")
    picture.save()
    review.find_clean(picture, by=by, seen=picture.current_run_id)
    embargoes.place(last_week, ground=EmbargoGround.TALK, until=None, by=by)
    day = timezone.localdate(Study.objects.get(pk=last_week.pk).received_at)
    assert picture.machine is not None
    for wanted, expected in (
        (Wanted(show="clean"), today),
        (Wanted(show=worklists.HELD_BACK), last_week),
        (Wanted(since=1), today),
        (Wanted(day=day), last_week),
        (Wanted(machine=picture.machine.pk), today),
        (Wanted(who=by.pk), today),
        (Wanted(patients=(last_week.patient_id,), searched=True), last_week),
        (Wanted(show="clean", since=7, machine=picture.machine.pk, who=by.pk), today),
    ):
        assert found(clinic, wanted) == [expected]
    assert found(clinic, Wanted(since=7)) == [last_week, today]
    assert found(clinic, Wanted(searched=True)) == []


def test_pictures_are_counted_by_state(clinic: Clinic) -> None:
    study = stored(clinic, InstanceState.CLEAN, InstanceState.CLEAN, InstanceState.HELD)
    empty = stored(clinic)
    Instance.objects.filter(study=study, state="held").update(tells_sex=True)
    assert worklists.counts_of([study, empty]) == {
        study.pk: {"clean": 2, "held": 1, "telling": 1},
        empty.pk: {"telling": 0},
    }
