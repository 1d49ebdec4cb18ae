"""The job row, which is the truth about background work, and the heartbeat of the workers."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ultrasound_portal.jobs.states import JobState


class Job(models.Model):
    """One piece of work on one object; `fence` rises with every claim, so a late worker cannot publish.

    `lease_owner` and `lease_until` say who works on it and until when that counts; `error_class` is the name
    of the exception that ended the last attempt, never its text; `woken_at` is when a worker was last told.
    `clinic_id` is whose work it is, for the trail.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField(db_index=True)
    clinic_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    error_class = models.CharField(max_length=100, blank=True)
    woken_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "kind",
            "object_id",
            "clinic_id",
            "state",
            "attempt",
            "lease_owner",
            "lease_until",
            "fence",
            "error_class",
            "woken_at",
            "created_at",
            "updated_at",
        }
    )

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"], name="jobs_by_state")]
        constraints = [
            models.UniqueConstraint(
                name="jobs_one_waiting_per_object",
                fields=["kind", "object_id"],
                condition=models.Q(state="queued"),
            ),
            models.CheckConstraint(
                name="jobs_running_is_leased",
                condition=(models.Q(state="running", lease_until__isnull=False) & ~models.Q(lease_owner=""))
                | (~models.Q(state="running") & models.Q(lease_until__isnull=True, lease_owner="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.state}"


class Heartbeat(models.Model):
    """When a worker last carried out a task; written by a task, since a stuck worker still answers pings."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=40, unique=True)
    beaten_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "name", "beaten_at"})

    def __str__(self) -> str:
        return self.name
