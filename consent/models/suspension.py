"""A yes that rests until a person has decided, and what is known of the patient's own standing."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from consent.models.grant import Grant
from consent.states import SuspensionCause, SuspensionOutcome
from ultrasound_portal.patients.models import Patient


class Suspension(models.Model):
    """Why and at whose word a yes rests; written once, and closed once with its outcome."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="suspensions")
    cause = models.CharField(max_length=12, choices=SuspensionCause.choices)
    actor = models.CharField(max_length=80)
    reason_object_id = models.UUIDField(null=True, blank=True)
    reason_sealed = models.BinaryField(default=b"", blank=True)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(
        max_length=12, choices=SuspensionOutcome.choices, blank=True, default=SuspensionOutcome.OPEN
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"reason_sealed"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "grant", "cause", "actor", "reason_object_id", "at", "closed_at", "closed_by", "outcome"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grant"], condition=models.Q(closed_at__isnull=True), name="consent_one_open_suspension"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.at:%Y-%m-%d}"


class Standing(models.Model):
    """That a patient has died, or can no longer decide for herself; set once, by a person."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, primary_key=True, related_name="+")
    died_noted_at = models.DateTimeField(null=True, blank=True)
    unable_noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"patient", "died_noted_at", "unable_noted_at", "noted_by"})

    def __str__(self) -> str:
        return str(self.patient_id)
