"""Something that consent asks a person to do."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from consent.models.grant import Grant
from consent.states import TaskKind
from ultrasound_portal.clinics.models import Clinic


class Task(models.Model):
    """One thing to do about one grant; there is at most one open task of a kind for a grant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=12, choices=TaskKind.choices)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "grant", "kind", "opened_at", "done_at", "done_by"}
    )

    class Meta:
        ordering = ["opened_at"]
        indexes = [models.Index(fields=["clinic", "done_at", "opened_at"], name="consent_task_of_clinic")]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind"], condition=models.Q(done_at__isnull=True), name="consent_one_open_task"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.opened_at:%Y-%m-%d}"
