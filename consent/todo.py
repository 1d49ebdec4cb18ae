"""What consent asks people to do: tasks are opened by what happens, and done by a person or by a later answer."""

import datetime
import uuid

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from consent.models import Grant, Task
from consent.moving import note
from consent.states import TaskKind
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.patients import care


def open_task(grant: Grant, kind: TaskKind, at: datetime.datetime) -> Task:
    """Open a task about a grant, or return the one that is open already."""
    task, _ = Task.objects.get_or_create(
        grant=grant, kind=kind, done_at=None, defaults={"clinic_id": grant.clinic_id, "opened_at": at}
    )
    return task


def open_tasks(clinic: Clinic) -> QuerySet[Task]:
    """What is still to be done in a clinic, oldest first; no reminder while a care status asks for quiet."""
    unheard = Q(kind=TaskKind.ENDS_SOON, grant__patient__in=care.quiet_patients())
    waiting = Task.objects.filter(clinic=clinic, done_at=None).exclude(unheard)
    return waiting.select_related("grant__purpose").order_by("opened_at")


def finish(tasks: QuerySet[Task], *, actor: str, at: datetime.datetime) -> int:
    """Close the open ones among `tasks`, because what they asked for has happened; return how many."""
    kind, _, key = actor.partition(":")
    by = uuid.UUID(key) if kind == "user" else None
    return tasks.filter(done_at=None).update(done_at=at, done_by_id=by)


@transaction.atomic
def done(task: Task, *, by: User) -> None:
    """Note that a person did what a task asks; a second time changes nothing."""
    if finish(Task.objects.filter(pk=task.pk), actor=f"user:{by.pk}", at=timezone.now()):
        note(task.grant, Event.CONSENT_TASK_DONE, actor=f"user:{by.pk}", detail={"task": task.kind})
