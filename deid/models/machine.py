"""A machine that pictures came from."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models import Clinic


class Machine(models.Model):
    """What a machine calls itself, sealed, since people type anything there, and found again by a keyed digest."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"match_value", "label_sealed"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "clinic", "label_object_id", "created_at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    match_value = models.CharField(max_length=64)
    label_object_id = models.UUIDField()
    label_sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "match_value"], name="deid_machine_once")]

    def __str__(self) -> str:
        return str(self.id)
