"""Tasks: one open of a kind, done by a person or by what happened."""

import pytest
from django.utils import timezone

from consent.models import Task
from consent.states import TaskKind
from consent.todo import done, finish, open_task, open_tasks
from tests.consent.cast import a_clinic, decide_as
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import User
from ultrasound_portal.patients.models import Patient

pytestmark = pytest.mark.django_db


def test_a_task_is_opened_once_and_again_after_it_was_done(patient: Patient, clinician: User) -> None:
    grant, now = decide_as(patient, clinician), timezone.now()
    task = open_task(grant, TaskKind.RECALL, now)
    assert open_task(grant, TaskKind.RECALL, now) == task
    assert list(open_tasks(patient.clinic)) == [task]
    assert not open_tasks(a_clinic("Hillside Ultrasound")).exists()
    done(task, by=clinician)
    assert not open_tasks(patient.clinic).exists()
    assert open_task(grant, TaskKind.RECALL, now) != task
    assert "recall" in str(task)


def test_who_did_it_is_on_record_once(patient: Patient, clinician: User) -> None:
    task = open_task(decide_as(patient, clinician), TaskKind.RECALL, timezone.now())
    done(task, by=clinician)
    done(task, by=clinician)
    assert Task.objects.get().done_by == clinician
    assert Entry.objects.filter(event=Event.CONSENT_TASK_DONE).count() == 1


def test_what_time_did_has_nobodys_name(patient: Patient, clinician: User) -> None:
    open_task(decide_as(patient, clinician), TaskKind.ENDS_SOON, timezone.now())
    assert finish(Task.objects.all(), actor="system:consent", at=timezone.now()) == 1
    assert Task.objects.get().done_by is None
