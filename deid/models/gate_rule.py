"""What a clinic demands at the two gates."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models import Clinic


class GateRule(models.Model):
    """Whether a second person has to release what a first found clean; a clinic without a row does not demand it."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"clinic", "second_person", "changed_at", "changed_by"})

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="+")
    second_person = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.clinic_id)
