"""Rights that a member opened beyond her roles."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models.roles import Membership
from ultrasound_portal.clinics.roles import RIGHTS, Capability


class GlassReason(models.TextChoices):
    """Why somebody opens more than her roles allow; a closed list, so that no name can be typed in."""

    URGENT = "urgent", "A patient needs it now"
    ALONE = "alone", "Whoever may do it is not here"
    TAKE_DOWN = "take_down", "Something must be taken back at once"


class GlassBreak(models.Model):
    """One right, opened to a member for a while beyond her roles; `seen_by` is the administrator who noted it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="glass")
    capability = models.CharField(max_length=16)
    reason = models.CharField(max_length=16, choices=GlassReason)
    opened_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "membership", "capability", "reason", "opened_at", "ends_at", "seen_at", "seen_by"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="clinics_glass_closes", condition=models.Q(ends_at__gte=models.F("opened_at"))),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def says(self) -> str:
        """Return the right in words."""
        return RIGHTS[Capability(self.capability)]
