"""A move and its entry are one."""

import pytest

from consent.models import Grant
from consent.moving import SYSTEM, move, note
from consent.states import GrantState
from tests.consent.cast import decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def test_a_move_writes_its_entry_and_then_the_row(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    move(grant, GrantState.EXPIRED, Event.CONSENT_EXPIRED, actor=SYSTEM, detail={"by": "x"})
    entry = Entry.objects.latest("seq")
    assert (entry.event, entry.actor, entry.detail) == ("consent_expired", SYSTEM, {"by": "x"})
    assert (entry.grant_id, entry.patient_id, entry.purpose) == (grant.pk, patient.pk, "own_copy")
    assert Grant.objects.get(pk=grant.pk).state == GrantState.EXPIRED


def test_a_note_moves_nothing(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    note(grant, Event.CONSENT_COPY_READ, actor=SYSTEM)
    assert Entry.objects.latest("seq").object_kind == "grant"
    assert Grant.objects.get(pk=grant.pk).state == GrantState.ACTIVE
