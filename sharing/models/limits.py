"""How long a clinic's links live: what is proposed and what nobody can exceed, in versions that stay."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ultrasound_portal.clinics.models import Clinic

CEILING = 365  # days; no clinic's limit goes beyond it, and a link without an end does not exist


class LinkLimits(models.Model):
    """One version of a clinic's limits, in days; the highest one holds, and none is ever changed."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "version", "usual_days", "longest_days", "published_by", "published_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    usual_days = models.PositiveSmallIntegerField()
    longest_days = models.PositiveSmallIntegerField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "version"], name="sharing_limits_one_per_version"),
            models.CheckConstraint(
                condition=Q(usual_days__gte=1, usual_days__lte=F("longest_days"), longest_days__lte=CEILING),
                name="sharing_limits_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clinic_id} {self.version}"
