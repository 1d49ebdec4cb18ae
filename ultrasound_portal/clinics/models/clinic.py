"""Clinics."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

LONGEST_KEPT = 3650


class Clinic(models.Model):
    """A clinic; `contact` is the number or address for withdrawing consent, so it is required.

    Originals are destroyed `originals_kept_days` after their release, and what nobody ever released
    `abandoned_after_days` after its last change; see `deid.services.retention`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    contact = models.CharField(max_length=200)
    originals_kept_days = models.PositiveSmallIntegerField(default=30)
    abandoned_after_days = models.PositiveSmallIntegerField(default=180)
    created_at = models.DateTimeField(default=timezone.now)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "name", "contact", "originals_kept_days", "abandoned_after_days", "created_at"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="clinics_clinic_has_contact", condition=~models.Q(contact="") & ~models.Q(name="")
            ),
            models.CheckConstraint(
                name="clinics_days_are_bounded",
                condition=models.Q(originals_kept_days__lte=LONGEST_KEPT)
                & models.Q(abandoned_after_days__gte=1, abandoned_after_days__lte=LONGEST_KEPT),
            ),
        ]

    def __str__(self) -> str:
        return self.name
