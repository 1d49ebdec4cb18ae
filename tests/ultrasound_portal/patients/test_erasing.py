"""Erasers are called in one transaction, and what refuses stops them all."""

import pytest

from tests.factories.patients import make_patient
from ultrasound_portal.patients import erasing
from ultrasound_portal.patients.errors import ErasureRefused
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import forget, identity_of


@pytest.mark.django_db
def test_a_refusal_leaves_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "_ERASERS", {})

    @erasing.erases
    def shreds(patient: Patient, actor: str) -> None:
        assert erasing.shred_all([patient.identity_object_id, None]) == 1

    @erasing.erases
    def wants_to_keep(patient: Patient, actor: str) -> None:
        raise ErasureRefused("Not now.")

    assert len(erasing._ERASERS) == 2
    patient = make_patient()
    with pytest.raises(ErasureRefused):
        forget(patient, actor="system:test")
    assert identity_of(patient)
