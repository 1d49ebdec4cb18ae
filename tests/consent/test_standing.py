"""Death and the loss of capacity suspend what holds, for a person to look at."""

import pytest

from consent.ending import resume
from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant, Standing
from consent.standing import note_death, note_incapacity
from consent.states import GrantDecision, GrantState, SuspensionCause, TaskKind
from consent.todo import open_tasks
from tests.consent.cast import OTHER_SCOPE, a_patient, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.requirement("R28")
@pytest.mark.parametrize(("act", "cause"), [(note_death, "death"), (note_incapacity, "capacity")])
def test_every_yes_that_holds_rests_and_becomes_a_task(
    act: object, cause: str, patient: Patient, clinician: User
) -> None:
    assert callable(act)
    held = [decide_as(patient, clinician), decide_as(patient, clinician, scope_id=OTHER_SCOPE)]
    refusal = decide_as(patient, clinician, GrantDecision.DENY, purpose="family")
    other = decide_as(a_patient(patient.clinic, "Rowan^Iris"), clinician)
    assert act(patient, by=clinician) == 2
    states = {grant.pk: grant.state for grant in Grant.objects.all()}
    assert {states[grant.pk] for grant in held} == {GrantState.SUSPENDED}
    assert (states[refusal.pk], states[other.pk]) == (GrantState.REFUSED, GrantState.ACTIVE)
    assert {suspension.cause for grant in held for suspension in grant.suspensions.all()} == {SuspensionCause(cause)}
    assert {task.kind for task in open_tasks(patient.clinic)} == {TaskKind.DECIDE}
    with pytest.raises(ConsentRefused) as refused:
        resume(held[0], by=clinician)
    assert refused.value.reason in {RefusalReason.PATIENT_DIED, RefusalReason.PATIENT_UNABLE}


def test_noted_twice_is_noted_once(patient: Patient, clinician: User) -> None:
    note_death(patient, by=clinician)
    first = Standing.objects.get().died_noted_at
    assert note_death(patient, by=clinician) == 0
    note_incapacity(patient, by=clinician)
    assert Standing.objects.get().died_noted_at == first
    assert Entry.objects.filter(event=Event.PATIENT_STANDING_NOTED).count() == 2
    assert str(Standing.objects.get()) == str(patient.pk)
