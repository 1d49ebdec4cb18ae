"""One examination of one patient."""

import uuid
from typing import ClassVar

from django.db import models

from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient


class Study(models.Model):
    """The pictures that share a study number; the number itself is kept only as a keyed match value.

    Plain pictures that came together are a study too, a `nameless` one: no file says whose they are, and `matched_at`
    is when a person last did.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"study_match"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "patient", "received_at", "nameless", "matched_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="studies")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="studies")
    study_match = models.CharField(max_length=64)
    received_at = models.DateTimeField(auto_now_add=True)
    nameless = models.BooleanField(default=False)
    matched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "studies"
        constraints = [
            models.UniqueConstraint(fields=["clinic", "patient", "study_match"], name="deid_study_once_per_patient"),
        ]
        indexes = [models.Index(fields=["clinic", "-received_at"], name="deid_study_newest")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def unmatched(self) -> bool:
        """Say whether nobody has said yet whose the pictures are."""
        return self.nameless and self.matched_at is None
