"""A name that a visitor sees takes a picture back at once, and a person looks before it goes out again."""

import pytest

from deid.errors import ReviewRefused
from deid.services import review
from deid.services.doubts import doubted, hold_for_name
from deid.states import Doubt, InstanceState
from deid.views.wording import explain, short
from tests.factories.clinics import make_clinic, make_staff
from tests.factories.pictures import make_picture, make_study
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]

VISITOR = "link:00000000-0000-4000-8000-000000000001"


def test_a_released_picture_is_held_with_its_entry() -> None:
    picture = make_picture(make_study(make_clinic()), InstanceState.RELEASED)
    assert hold_for_name(picture.pk, actor=VISITOR)
    picture.refresh_from_db()
    assert (picture.state, picture.reason, picture.released_at) == (InstanceState.HELD, Doubt.NAME_SEEN, None)
    assert list(doubted(picture.study_id)) == [picture]
    assert Entry.objects.get(event="name_reported").actor == VISITOR
    assert "sees a name" in explain(picture.reason)
    assert short(picture.reason) == "A name was seen"


@pytest.mark.parametrize("state", [InstanceState.CLEAN, InstanceState.HELD, InstanceState.REJECTED])
def test_what_is_not_released_stays_as_it_is(state: InstanceState) -> None:
    picture = make_picture(make_study(make_clinic()), state)
    before = (picture.state, picture.reason)
    assert not hold_for_name(picture.pk, actor=VISITOR)
    picture.refresh_from_db()
    assert (picture.state, picture.reason) == before
    assert not Entry.objects.filter(event="name_reported").exists()


def test_it_goes_out_again_only_after_a_clinician_looked_at_every_frame() -> None:
    clinic = make_clinic()
    clinician = make_staff(clinic)
    picture = make_picture(make_study(clinic), InstanceState.RELEASED)
    hold_for_name(picture.pk, actor=VISITOR)
    picture.refresh_from_db()
    with pytest.raises(ReviewRefused):
        review.release(picture, by=clinician, seen=picture.current_run_id)
    assert review.release(picture, by=clinician, seen=picture.current_run_id, confirmed=True).state == "released"
    assert not doubted(picture.study_id).exists()
