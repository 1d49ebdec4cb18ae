"""A study held back reaches nobody, until its day or until a person lets it go."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Embargo, Instance
from deid.services import embargoes
from deid.services.release import released_artefact, released_pictures
from deid.states import EmbargoGround, InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance() -> Instance:
    return make_picture(state=InstanceState.RELEASED)


@pytest.fixture
def by(instance: Instance) -> User:
    return make_staff(instance.clinic)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def is_seen(instance: Instance) -> bool:
    still = instance.artefacts.get(kind="still_png")
    both = bool(released_pictures(instance.study_id)), released_artefact(still.pk) is not None
    assert both[0] == both[1]
    return both[0]


@pytest.mark.requirement("R36")
def test_what_is_released_is_not_seen_while_its_study_is_held_back(instance: Instance, by: User) -> None:
    other = make_picture(state=InstanceState.RELEASED)
    embargo = embargoes.place(instance.study, ground=EmbargoGround.CARE, until=None, by=by)
    assert (is_seen(instance), is_seen(other)) == (False, True)
    embargoes.end(embargo, by=by)
    embargoes.end(embargo, by=by)
    assert is_seen(instance)
    assert [(entry.event, entry.detail) for entry in Entry.objects.filter(object_kind="study").order_by("seq")] == [
        ("study_held_back", {"ground": "care"}),
        ("study_let_go", {"ground": "care"}),
    ]


def test_it_ends_as_its_day_begins(instance: Instance, by: User) -> None:
    made = embargoes.place(instance.study, ground=EmbargoGround.TALK, until=in_days(1), by=by)
    assert not is_seen(instance)
    Embargo.objects.filter(pk=made.pk).update(until=timezone.localdate())
    assert is_seen(instance)
    assert embargoes.embargo_of(instance.study_id) is None
    embargoes.place(instance.study, ground=EmbargoGround.REPORT, until=None, by=by)
    assert not is_seen(instance)
    assert Embargo.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("days", [0, -1])
def test_a_day_that_is_past_is_refused(instance: Instance, by: User, days: int) -> None:
    with pytest.raises(ReviewRefused) as raised:
        embargoes.place(instance.study, ground=EmbargoGround.TALK, until=in_days(days), by=by)
    assert raised.value.reason is ReviewRefusal.DAY_PAST


def test_one_stands_at_a_time(instance: Instance, by: User) -> None:
    embargoes.place(instance.study, ground=EmbargoGround.TALK, until=None, by=by)
    with pytest.raises(ReviewRefused) as raised:
        embargoes.place(instance.study, ground=EmbargoGround.CARE, until=in_days(3), by=by)
    assert raised.value.reason is ReviewRefusal.STATE
    assert embargoes.embargo_of(instance.study_id).ground == "talk"
