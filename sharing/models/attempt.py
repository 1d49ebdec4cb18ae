"""One failed try at the door."""

import uuid
from typing import ClassVar

from django.db import models

from sharing.models.link import Link


class Attempt(models.Model):
    """A failed try, kept for the rolling window only; the address is a keyed match value, never the address itself."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"address_match"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "link", "at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, blank=True, related_name="attempts")
    address_match = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["address_match", "at"], name="sharing_attempt_by_address")]

    def __str__(self) -> str:
        return str(self.id)
