"""Time passes: what is over is noted, and people are asked to act."""

import datetime

import pytest
from django.utils import timezone

from consent import tasks
from consent.capacity import Claim
from consent.models import Grant, Task
from consent.states import Basis, GrantState, SignerRole, TaskKind
from consent.todo import open_tasks
from consent.upkeep import NOTICE, look_after
from tests.consent.cast import YEAR, a_patient, a_pending, decide_as
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients.care import CareStatus, note_status
from ultrasound_portal.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAY = datetime.timedelta(days=1)


@pytest.mark.requirement("R22")
def test_a_minors_yes_ends_on_the_day_and_she_is_asked_herself(clinic: Clinic, clinician: User) -> None:
    tomorrow = timezone.localdate() + DAY
    girl = a_patient(clinic, born=tomorrow.replace(year=tomorrow.year - 18).strftime("%Y%m%d"))
    grant = decide_as(
        girl,
        clinician,
        claim=Claim(basis=Basis.MINOR_WITH_PARENT),
        signer_name="Rowan Elm",
        also={SignerRole.ASSENT: "Marian"},
        valid_until=timezone.now() + datetime.timedelta(minutes=1),
    )
    assert grant.state == GrantState.ACTIVE
    assert grant.record.capacity.of_age
    assert look_after(timezone.now()) == 0
    look_after(grant.record.capacity.ends_at)
    assert Grant.objects.get(pk=grant.pk).state == GrantState.EXPIRED
    assert TaskKind.ASK_AGAIN in Task.objects.filter(done_at=None).values_list("kind", flat=True)


def test_an_adults_yes_ends_without_a_task(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    assert grant.valid_until is not None
    assert look_after(grant.valid_until) == 1
    assert look_after(grant.valid_until) == 0
    assert Grant.objects.get(pk=grant.pk).state == GrantState.EXPIRED
    assert not Task.objects.exists()


def test_a_yes_that_waits_for_a_name_is_over_in_time_too(patient: Patient, clinician: User) -> None:
    pending = a_pending(patient, clinician)
    assert look_after(timezone.now() + 2 * YEAR) == 1
    assert Grant.objects.get(pk=pending.pk).state == GrantState.EXPIRED
    assert not Task.objects.filter(done_at=None).exists()


def test_before_the_end_somebody_is_asked_to_tell_her_once(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    assert grant.valid_until is not None
    look_after(grant.valid_until - NOTICE - DAY)
    assert not Task.objects.exists()
    for at in (grant.valid_until - NOTICE, grant.valid_until - DAY):
        look_after(at)
    assert Task.objects.get().kind == TaskKind.ENDS_SOON
    Task.objects.update(done_at=timezone.now())
    look_after(grant.valid_until - DAY)
    assert Task.objects.count() == 1


def test_no_reminder_comes_up_while_quiet_holds(patient: Patient, clinician: User) -> None:
    grant = decide_as(patient, clinician)
    staff = f"user:{clinician.pk}"
    note_status(patient, CareStatus.LOSS, actor=staff)
    look_after(grant.valid_until - DAY)
    assert not Task.objects.exists()
    note_status(patient, CareStatus.CONTINUING, actor=staff)
    look_after(grant.valid_until - DAY)
    assert [task.kind for task in open_tasks(patient.clinic)] == [TaskKind.ENDS_SOON]
    note_status(patient, CareStatus.ON_HOLD, actor=staff)
    assert not open_tasks(patient.clinic).exists()


def test_it_runs_by_the_clock(patient: Patient, clinician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    grant = decide_as(patient, clinician)
    over = grant.valid_until
    monkeypatch.setattr(timezone, "now", lambda: over)
    tasks.look_after()
    assert Grant.objects.get(pk=grant.pk).state == GrantState.EXPIRED
