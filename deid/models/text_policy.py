"""Which text may stay inside a clinic's pictures, version by version."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deid.states import KeptTextChoice
from ultrasound_portal.clinics.models import Clinic


class TextPolicy(models.Model):
    """One version of a clinic's choice about text; versions are added, never edited, and the newest counts.

    The fields mean what `deid.engine.policy.Policy` says of them. The words are a clinic's own and may name its people.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"also_kept", "also_covered"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "version",
            "text",
            "gestational_age",
            "created_at",
            "created_by",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="text_policies")
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=32, choices=KeptTextChoice.choices)
    gestational_age = models.BooleanField(default=True)
    also_kept = models.JSONField(default=list, blank=True)
    also_covered = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "text policies"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "version"], name="deid_policy_version"),
            models.CheckConstraint(
                condition=Q(text__in=KeptTextChoice.values, version__gt=0), name="deid_policy_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
