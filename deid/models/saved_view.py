"""A filter of the worklist that a person keeps."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models import Clinic


class SavedView(models.Model):
    """What a person looks at again and again, as the query of the worklist; it never names a patient."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "clinic", "by", "query", "created_at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "by", "query"], name="deid_saved_view_once")]

    def __str__(self) -> str:
        return str(self.id)
