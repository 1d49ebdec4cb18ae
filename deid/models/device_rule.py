"""What is always covered on pictures of one machine and one size."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deid.models.machine import Machine


class DeviceRule(models.Model):
    """Boxes that are covered beside what the engine finds; a rule covers more, never less.

    `boxes` are [x, y, width, height] in source pixels, for all frames. A rule is never changed: its successor ends it.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "machine", "rows", "columns", "boxes", "made_by", "made_at", "ended_by", "ended_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="rules")
    rows = models.PositiveIntegerField()
    columns = models.PositiveIntegerField()
    boxes = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["machine", "rows", "columns"],
                condition=Q(ended_at__isnull=True),
                name="deid_one_device_rule_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
