"""The versions of a clinic's brand."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models.clinic import Clinic

COLOUR = RegexValidator(r"\A#[0-9a-f]{6}\Z", "Write the colour as # and six digits, for example #1f5c54.")


class BrandKit(models.Model):
    """One version of a clinic's strip; versions are added, never edited: pictures keep the one they show.

    `logo_id` stands on the background colour, `paper_logo_id` on white. The strip stands at the `top` or at the bottom
    and is `height` hundredths of a picture's width high; `qr` draws the web address as a code where there is room.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="brand_kits")
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    line = models.CharField(max_length=80, blank=True)
    background = models.CharField(max_length=7, validators=[COLOUR])
    ink = models.CharField(max_length=7, validators=[COLOUR])
    logo_id = models.UUIDField(null=True, blank=True)
    paper_logo_id = models.UUIDField(null=True, blank=True)
    web = models.CharField(max_length=80, blank=True)
    handle = models.CharField(max_length=40, blank=True)
    qr = models.BooleanField(default=False)
    top = models.BooleanField(default=True)
    height = models.PositiveSmallIntegerField(default=8)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "version",
            "name",
            "line",
            "background",
            "ink",
            "logo_id",
            "paper_logo_id",
            "web",
            "handle",
            "qr",
            "top",
            "height",
            "created_at",
            "created_by",
        }
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinics_brand_version", fields=["clinic", "version"]),
            models.CheckConstraint(name="clinics_brand_height", condition=models.Q(height__gte=6, height__lte=12)),
        ]

    def __str__(self) -> str:
        return f"brand {self.clinic_id} v{self.version}"
