"""Where a patient wants to be told that a link of hers was opened for the first time."""

import uuid
from typing import ClassVar

from django.db import models

from sharing.states import Channel
from ultrasound_portal.patients.models import Patient


class Notice(models.Model):
    """Her word and her address, which counts once the code that was sent there has come back.

    The address is sealed. `asked_hash` is of the page that waits for that code, empty once it is confirmed.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"contact_sealed", "asked_hash"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "patient", "channel", "contact_object_id", "asked_at", "confirmed_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    contact_object_id = models.UUIDField()
    contact_sealed = models.BinaryField()
    asked_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)
