"""A patient has changed their mind."""

import uuid
from typing import ClassVar

from django.db import models

from consent.models.grant import Grant
from consent.states import WithdrawalChannel


class Withdrawal(models.Model):
    """Who asked to end a grant, how and when; effective with the commit that writes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="withdrawal")
    actor = models.CharField(max_length=80)
    channel = models.CharField(max_length=12, choices=WithdrawalChannel.choices)
    reason = models.TextField(blank=True, max_length=500)
    received_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"reason"})
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "grant", "actor", "channel", "received_at"})

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%Y-%m-%d}"
