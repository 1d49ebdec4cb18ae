"""A patient has changed their mind."""

import uuid
from typing import ClassVar

from django.db import models

from consent.models.grant import Grant
from consent.states import WithdrawalChannel


class Withdrawal(models.Model):
    """Who asked to end a grant, how and when; effective with the commit that writes it.

    A reason is kept sealed, as a name is; most withdrawals have none. `actor` holds a key and never a name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="withdrawal")
    actor = models.CharField(max_length=80)
    channel = models.CharField(max_length=12, choices=WithdrawalChannel.choices)
    reason_object_id = models.UUIDField(null=True, blank=True)
    reason_sealed = models.BinaryField(default=b"", blank=True)
    received_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"reason_sealed"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "grant", "actor", "channel", "reason_object_id", "received_at"}
    )

    def __str__(self) -> str:
        return f"{self.channel} {self.received_at:%Y-%m-%d}"
