"""A patient as the portal knows her: a sealed identity and a keyed match value, and how she wishes to be met."""

import uuid
from typing import ClassVar

from django.conf import settings
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


class CareNote(models.Model):
    """One version of how a patient wishes to be met; the one with the highest `number` holds, and none is ever changed.

    `quiet`, that no message goes out and no word celebrates, stands in clear, so that queries can ask for it. Why is
    sealed: a row never says that there was a loss. `noted_by` is empty where the patient said it on her own page.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="care_notes")
    number = models.PositiveIntegerField()
    quiet = models.BooleanField()
    status_object_id = models.UUIDField()
    status_sealed = models.BinaryField()
    noted_at = models.DateTimeField(default=timezone.now)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"status_sealed"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "patient", "number", "quiet", "status_object_id", "noted_at", "noted_by"}
    )

    class Meta:
        ordering = ["patient", "number"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="patients_one_care_note_per_number"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="patients_care_notes_from_one"),
            models.CheckConstraint(condition=~models.Q(status_sealed=b""), name="patients_care_status_is_sealed"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class SearchTerm(models.Model):
    """One thing that a patient is found by, as a keyed digest: a word of her name, her record number, her birth date.

    The rows go when she is forgotten.
    """

    id = models.BigAutoField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="search_terms")
    digest = models.CharField(max_length=64, db_index=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"digest"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "patient"})

    class Meta:
        constraints = [models.UniqueConstraint(name="patients_term_once", fields=["patient", "digest"])]

    def __str__(self) -> str:
        return str(self.id)
