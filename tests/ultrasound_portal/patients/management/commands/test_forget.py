"""An operator forgets a patient by her key, on purpose."""

import io
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.factories.patients import make_patient
from ultrasound_portal.patients.errors import ErasureRefused
from ultrasound_portal.patients.management.commands import forget as command
from ultrasound_portal.patients.services import identity_of
from ultrasound_portal.vault.errors import Destroyed

pytestmark = pytest.mark.django_db


def test_it_takes_a_yes() -> None:
    patient, out = make_patient(), io.StringIO()
    with pytest.raises(CommandError, match="--yes"):
        call_command("forget", str(patient.pk))
    assert identity_of(patient)
    call_command("forget", str(patient.pk), "--yes", stdout=out)
    with pytest.raises(Destroyed):
        identity_of(patient)
    assert "Forgotten" in out.getvalue()


def test_nobody_and_a_refusal_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="no such patient"):
        call_command("forget", str(uuid4()), "--yes")

    def refuse(patient: object, actor: str) -> None:
        raise ErasureRefused("Lift it first.")

    monkeypatch.setattr(command, "forget", refuse)
    with pytest.raises(CommandError, match="Lift"):
        call_command("forget", str(make_patient().pk), "--yes")
