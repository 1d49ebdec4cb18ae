"""A patient as the portal knows her: a sealed identity and a keyed match value."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models import Clinic


class Patient(models.Model):
    """A patient of one clinic; the same person in another clinic is another row.

    `identity_sealed` opens only with the vault's key of `identity_object_id`; `match_value` is a keyed digest
    by which a later study finds its patient without opening anything. `language` is the one she reads, as a BCP 47 tag;
    empty until somebody has asked her.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    identity_object_id = models.UUIDField()
    identity_sealed = models.BinaryField()
    match_value = models.CharField(max_length=64)
    language = models.CharField(max_length=12, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"identity_sealed", "match_value"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "clinic", "identity_object_id", "language", "created_at"})

    class Meta:
        constraints = [models.UniqueConstraint(name="patients_one_per_match", fields=["clinic", "match_value"])]

    def __str__(self) -> str:
        return str(self.id)
