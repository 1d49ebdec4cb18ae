"""One finished attempt of the engine on one instance."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from deid.models.device_rule import DeviceRule
from deid.states import RunStatus


class Run(models.Model):
    """What the engine decided and with which policy and brand; `report` holds boxes and seconds, no text."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "instance",
            "started_at",
            "finished_at",
            "status",
            "reason",
            "report",
            "policy",
            "brand_version",
            "device_rule",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey("deid.Instance", on_delete=models.CASCADE, related_name="runs")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=RunStatus.choices)
    reason = models.CharField(max_length=32, blank=True, default="")
    report = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    brand_version = models.PositiveIntegerField()
    device_rule = models.ForeignKey(DeviceRule, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=RunStatus.CLEAN, reason="") | (~Q(status=RunStatus.CLEAN) & ~Q(reason="")),
                name="deid_run_reason_unless_clean",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
