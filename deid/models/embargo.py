"""A study whose pictures reach nobody until a day, or until a person ends it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deid.models.study import Study
from deid.states import EmbargoGround


class Embargo(models.Model):
    """Who held a study back, why and until when; without `until` it stands until a person ends it."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "study", "ground", "until", "placed_at", "placed_by", "ended_at", "ended_by"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="embargoes")
    ground = models.CharField(max_length=16, choices=EmbargoGround.choices)
    until = models.DateField(null=True, blank=True)
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(ended_at__isnull=True), name="deid_one_embargo_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ground__in=EmbargoGround.values), name="deid_embargo_has_a_ground"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="deid_embargo_ended_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
