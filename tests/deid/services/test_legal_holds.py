"""A hold is placed once, lifted once, and both are on the trail."""

import pytest

from deid.models import LegalHold
from deid.services import legal_holds
from deid.states import HoldGround
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_study
from ultrasound_portal.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_one_hold_stands_at_a_time() -> None:
    study = make_study()
    by = make_staff(study.clinic)
    first = legal_holds.place(study, ground=HoldGround.COMPLAINT, by=by)
    assert legal_holds.place(study, ground=HoldGround.AUTHORITY, by=by) == first
    assert list(legal_holds.holds_of(study.clinic)) == [first]
    legal_holds.lift(first, by=by)
    legal_holds.lift(first, by=by)
    assert not legal_holds.holds_of(study.clinic).exists()
    second = legal_holds.place(study, ground=HoldGround.AUTHORITY, by=by)
    assert LegalHold.objects.count() == 2
    assert str(second) == str(second.pk)
    assert list(Entry.objects.filter(object_id=study.pk).order_by("seq").values_list("event", "detail__ground")) == [
        ("hold_placed", "complaint"),
        ("hold_lifted", "complaint"),
        ("hold_placed", "authority"),
    ]
