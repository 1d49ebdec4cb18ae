"""New passwords that were asked for."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class PasswordReset(models.Model):
    """A new password that was asked for; `user` is empty where nobody has the address, and nothing is sent then.

    Of the secret only the hash is kept, once a worker has made it; `address` is the page that takes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    address = models.URLField(max_length=300)
    secret_hash = models.CharField(max_length=64, blank=True, db_index=True)
    asked_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "user", "address", "secret_hash", "asked_at", "ends_at"})

    def __str__(self) -> str:
        return str(self.id)
