"""What pictures may be used for, and which of these uses a clinic offers."""

import datetime
import uuid
from typing import ClassVar

from django.db import models

from ultrasound_portal.clinics.models import Clinic


class Purpose(models.Model):
    """One use of pictures, agreed to on its own; rows, so that a site may add its own."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(help_text="How far pictures travel: 1 stays with the patient.")
    default_off = models.BooleanField(default=False, help_text="Absent until a clinic switches it on.")
    permanence_required = models.BooleanField(
        default=False, help_text="The patient acknowledges on its own that a posted picture stays."
    )
    usual_days = models.PositiveIntegerField(default=365)
    longest_days = models.PositiveIntegerField(default=1826)
    needs_recipient = models.BooleanField(
        default=False, help_text="A yes names the clinician or the publication, and staff have checked who that is."
    )
    fhir_code = models.CharField(
        max_length=20, blank=True, default="", help_text="Code of HL7 v3 PurposeOfUse, where there is one."
    )
    order = models.PositiveSmallIntegerField(default=100)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "code",
            "name",
            "level",
            "default_off",
            "permanence_required",
            "usual_days",
            "longest_days",
            "needs_recipient",
            "fhir_code",
            "order",
        }
    )

    class Meta:
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="consent_purpose_days_in_order",
                condition=models.Q(usual_days__gte=1) & models.Q(usual_days__lte=models.F("longest_days")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def usual_end(self, at: datetime.datetime) -> datetime.datetime:
        """The end that is proposed for a yes given at `at`."""
        return at + datetime.timedelta(days=self.usual_days)

    def last_end(self, at: datetime.datetime) -> datetime.datetime:
        """The latest end that a yes given at `at` may have."""
        return at + datetime.timedelta(days=self.longest_days)


class OfferedPurpose(models.Model):
    """A clinic has switched on a purpose that is off by default."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="offers")
    since = models.DateTimeField(auto_now_add=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "clinic", "purpose", "since"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "purpose"], name="consent_purpose_offered_once")]

    def __str__(self) -> str:
        return self.purpose_id


class WithheldPurpose(models.Model):
    """A clinic has switched off a purpose that is on by default."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="withheld")
    since = models.DateTimeField(auto_now_add=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "clinic", "purpose", "since"})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "purpose"], name="consent_purpose_withheld_once")]

    def __str__(self) -> str:
        return self.purpose_id
