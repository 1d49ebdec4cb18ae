"""The clinic's rules for its staff, chapter by chapter in editions, and who has read which."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from ultrasound_portal.clinics.models import Clinic


class Chapter(models.TextChoices):
    """What a clinic has rules about."""

    CONSENT = "consent", "Consent"
    ACCESS = "access", "Who may look"
    ENCRYPTION = "encryption", "Keeping things sealed"
    CLEANING = "cleaning", "Taking names out of pictures"
    SHARING = "sharing", "Sharing"
    TRAINING = "training", "Training"


class Edition(models.Model):
    """One text of one chapter, from its publication until the next; it never changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    chapter = models.CharField(max_length=12, choices=Chapter.choices)
    version = models.PositiveIntegerField()
    text = models.TextField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "chapter", "version", "text", "published_at", "published_by"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "chapter", "version"], name="handbook_one_edition_of_a_number"),
            models.CheckConstraint(condition=~models.Q(text=""), name="handbook_edition_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.chapter} {self.version}"


class Reading(models.Model):
    """The word of a member of staff that she has read an edition."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "edition", "user", "at"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "user"], name="handbook_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.edition_id}"


class Demand(models.Model):
    """Whether a clinic lets only those share who have read its handbook; without a row it does not ask."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="+")
    reading_required = models.BooleanField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"clinic", "reading_required"})

    def __str__(self) -> str:
        return f"{self.clinic_id}: {self.reading_required}"
