"""An operator takes the factors of somebody away who works in several clinics."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.clinics import give_code_app, make_clinic, make_member
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics import second_factors, sign_ins
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member

pytestmark = pytest.mark.django_db


def test_it_is_noted_in_each_clinic() -> None:
    member = make_member(email="bea@example.org")
    other = make_clinic("Riverbank")
    add_member(member.user, other, Role.AUDITOR, None)
    give_code_app(member.user)
    said = StringIO()
    call_command("reset_second_factor", "--email", "Bea@example.org", stdout=said)
    assert "Done" in said.getvalue()
    assert not second_factors.enrolled(member.user)
    assert not sign_ins.of(member.user).exists()
    entries = Entry.objects.filter(event=Event.SECOND_FACTORS_RESET)
    assert {entry.clinic_id for entry in entries} == {member.clinic_id, other.pk}


def test_an_unknown_address_is_told() -> None:
    with pytest.raises(CommandError, match="Nobody"):
        call_command("reset_second_factor", "--email", "nobody@example.org")
