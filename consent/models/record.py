"""One sitting with a patient, and the signature that closes it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from consent.states import Place, SecondSecret, SignerRole, SigningMethod
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient


class ConsentRecord(models.Model):
    """The header of one sitting; it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    place = models.CharField(max_length=12, choices=Place.choices, default=Place.CLINIC)
    second_secret = models.CharField(max_length=12, choices=SecondSecret.choices, blank=True, default=SecondSecret.NONE)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "patient", "opened_by", "opened_at", "place", "second_secret"}
    )

    def __str__(self) -> str:
        return str(self.id)


class Signature(models.Model):
    """A name under a decision, with the hash of all it stands for; once written, the record is closed.

    `name_sealed` opens only with the vault's key of `name_object_id`. `name_match` is the keyed digest by which the
    evidence binds the name without telling it; see `consent.sealed`. A signature that was drawn as well lies
    as strokes (`consent.drawing`) in the vault under `drawing_object_id`, bound by its SHA-256 (hex).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=16, choices=SignerRole.choices)
    name_object_id = models.UUIDField()
    name_sealed = models.BinaryField()
    name_match = models.CharField(max_length=64)
    method = models.CharField(max_length=12, choices=SigningMethod.choices)
    drawing_object_id = models.UUIDField(null=True, blank=True)
    drawing_sha256 = models.CharField(max_length=64, blank=True, default="")
    permanence_acknowledged = models.BooleanField(default=False)
    signed_at = models.DateTimeField()
    evidence_sha256 = models.CharField(max_length=64)
    evidence_format = models.PositiveSmallIntegerField(default=1)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"name_sealed", "name_match"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "record",
            "role",
            "name_object_id",
            "method",
            "drawing_object_id",
            "drawing_sha256",
            "permanence_acknowledged",
            "signed_at",
            "evidence_sha256",
            "evidence_format",
        }
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "role"], name="consent_one_signature_per_role"),
            models.CheckConstraint(
                name="consent_signature_has_a_name",
                condition=~models.Q(name_sealed=b"") & ~models.Q(name_match=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.signed_at:%Y-%m-%d}"
