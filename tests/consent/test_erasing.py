"""The names under decisions and the reasons of withdrawals go with the patient; the evidence stays bound."""

import pytest

from consent.models import Signature, Withdrawal
from consent.sealed import UNREADABLE, is_bound, name_of, reason_of
from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from tests.factories.sharing import make_scene
from ultrasound_portal.patients.services import forget


@pytest.mark.django_db
def test_names_and_reasons_cannot_be_read_any_more() -> None:
    scene = make_scene()
    withdraw_consent(
        scene.grant, actor=f"user:{scene.clinician.pk}", channel=WithdrawalChannel.PHONE, reason="my sister asked"
    )
    forget(scene.patient, actor="system:test")
    signature = Signature.objects.get(record=scene.grant.record)
    assert (name_of(signature), is_bound(signature)) == (UNREADABLE, True)
    assert reason_of(Withdrawal.objects.get(grant=scene.grant)) == UNREADABLE
