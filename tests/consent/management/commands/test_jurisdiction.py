"""A clinic's jurisdiction is chosen by an operator."""

import io
import uuid

import pytest
from django.core.management import CommandError, call_command

from consent.capacity import profile_of
from tests.consent.cast import a_clinic
from ultrasound_portal.clinics.models import Clinic

pytestmark = pytest.mark.django_db


def choose(profile: str, clinic_id: uuid.UUID) -> str:
    out = io.StringIO()
    call_command("jurisdiction", profile, clinic=clinic_id, stdout=out)
    return out.getvalue()


def test_it_works_for_one_clinic(clinic: Clinic) -> None:
    assert profile_of(clinic).pk == "us"
    for code in ("uk", "au"):
        assert clinic.name in choose(code, clinic.pk)
        assert profile_of(clinic).pk == code
    assert profile_of(a_clinic("Hillside Ultrasound")).pk == "us"


def test_what_is_not_there_is_refused_with_a_way_out(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match="Choose one of"):
        choose("atlantis", clinic.pk)
    with pytest.raises(CommandError, match="no such clinic"):
        choose("uk", uuid.uuid4())
