"""One batch of files sent through the browser."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from deid.models.instance import Instance
from deid.states import ItemOutcome
from ultrasound_portal.clinics.models import Clinic


class Upload(models.Model):
    """Who sent a batch and when, and when somebody said that the files are gone from the device they came from.

    File names are never kept.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "clinic", "by", "created_at", "device_cleared_at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    device_cleared_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class UploadItem(models.Model):
    """One file of a batch, or one member of a ZIP, and what became of it at the door.

    `delivery` is set where it came in pieces.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "upload", "delivery", "position", "instance", "outcome", "reason"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="items")
    delivery = models.ForeignKey(
        "deid.Delivery", on_delete=models.SET_NULL, null=True, blank=True, related_name="items"
    )
    position = models.PositiveIntegerField()
    instance = models.ForeignKey(
        Instance, on_delete=models.SET_NULL, null=True, blank=True, related_name="upload_items"
    )
    outcome = models.CharField(max_length=16, choices=ItemOutcome.choices)
    reason = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "position"], name="deid_item_position_once"),
            models.CheckConstraint(
                condition=(Q(outcome=ItemOutcome.REFUSED) & ~Q(reason=""))
                | (~Q(outcome=ItemOutcome.REFUSED) & Q(reason="")),
                name="deid_refused_item_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
