"""One code that was sent to open one door once."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class OneTimeCode(models.Model):
    """Only hashes are kept. It counts for the page that asked for it (`asked_hash`), so nobody else can use it up.

    `door_id` is the link it opens, or whatever else a code stands before. `tries` counts wrong ones.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"asked_hash", "code_hash", "address_match"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "door_id", "made_at", "expires_at", "tries", "used_at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    door_id = models.UUIDField()
    asked_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    address_match = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["door_id", "made_at"], name="sharing_code_of_door")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="sharing_code_has_an_end"),
        ]

    def __str__(self) -> str:
        return str(self.id)
