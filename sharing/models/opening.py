"""One visit through a link."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from sharing.models.link import LONGEST_VISIT, Link

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(minutes=LONGEST_VISIT)


class Opening(models.Model):
    """A viewing session: the visitor's cookie holds a random value, the row holds its hash (R44)."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"session_hash"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "link", "opened_at", "last_seen_at", "ended_at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="visits")
    session_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=Q(last_seen_at__gte=F("opened_at")), name="sharing_seen_after_opened"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def is_live(self, at: datetime) -> bool:
        """Tell whether the visit still runs: not left, not idle for 15 minutes, not older than its link allows."""
        return self.ended_at is None and at < self.last_seen_at + IDLE and at < self.ends_at

    @property
    def ends_at(self) -> datetime:
        """The moment after which the visit is over, whatever the visitor does."""
        return self.opened_at + timedelta(minutes=self.link.visit_minutes)
