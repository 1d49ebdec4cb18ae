"""A study that must be kept, whatever the clinic's rules say."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deid.models.study import Study
from deid.states import HoldGround


class LegalHold(models.Model):
    """Who had a study kept, why, and who lifted that; nothing of the study is destroyed meanwhile."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "study", "ground", "placed_at", "placed_by", "lifted_at", "lifted_by"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="legal_holds")
    ground = models.CharField(max_length=16, choices=HoldGround.choices)
    placed_at = models.DateTimeField(default=timezone.now)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["placed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["study"], condition=Q(lifted_at__isnull=True), name="deid_one_legal_hold_at_a_time"
            ),
            models.CheckConstraint(condition=Q(ground__in=HoldGround.values), name="deid_legal_hold_has_a_ground"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="deid_legal_hold_lifted_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
