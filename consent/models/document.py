"""The copy that was made for the patient when she decided."""

import uuid
from typing import ClassVar

from django.db import models

from consent.models.record import ConsentRecord
from ultrasound_portal.clinics.models import Clinic


class ConsentDocument(models.Model):
    """A sealed PDF of one sitting; `sha256` (hex) is that of the PDF itself and stands on the trail too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    scope_id = models.UUIDField()
    object_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    records = models.ManyToManyField(ConsentRecord, related_name="documents")

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "scope_id", "object_id", "sha256", "size", "made_at", "records"}
    )

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.sha256[:8]} {self.made_at:%Y-%m-%d}"
