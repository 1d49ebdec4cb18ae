"""A patient on legal hold is not forgotten, and then nothing of hers is touched."""

import pytest

from deid.services import legal_holds
from deid.states import HoldGround, InstanceState
from tests.factories.clinics import make_staff
from tests.factories.pictures import make_picture
from ultrasound_portal.patients.errors import ErasureRefused
from ultrasound_portal.patients.services import forget, identity_of
from ultrasound_portal.vault.models import SealedObject

pytestmark = pytest.mark.django_db


def test_a_legal_hold_stands_against_forgetting() -> None:
    made = make_picture(state=InstanceState.RELEASED)
    legal_holds.place(made.study, ground=HoldGround.AUTHORITY, by=make_staff(made.clinic))
    with pytest.raises(ErasureRefused, match="legal hold"):
        forget(made.study.patient, actor="system:test")
    assert identity_of(made.study.patient)
    assert not SealedObject.objects.exclude(destroyed_at=None).exists()


def test_her_pictures_go_with_her() -> None:
    made = make_picture(state=InstanceState.RELEASED)
    forget(made.study.patient, actor="system:test")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("rejected", "forgotten")
