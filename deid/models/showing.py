"""What was shown to whom: the result of a run, and of a film its frames."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from deid.models.run import Run


class Showing(models.Model):
    """That the server gave a person the clean picture of a run; `frames` are those that stood on her screen.

    `frames` is a list of first and last, counted from 0; a still has the one frame [[0, 0]].
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "run", "by", "frames", "first_at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="showings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    frames = models.JSONField(default=list, blank=True)
    first_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "by"], name="deid_showing_once")]

    def __str__(self) -> str:
        return str(self.id)
