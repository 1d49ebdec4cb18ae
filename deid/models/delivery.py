"""A file on its way through the browser, kept in sealed pieces until it is whole."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from deid.models.upload import Upload
from deid.states import DeliveryState
from ultrasound_portal.clinics.models import Clinic


class Delivery(models.Model):
    """How far a file has come: bytes received of its size, and members taken out of it once it is whole.

    A plain file has one member, itself; `unpacked` counts the bytes of the members taken.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "upload", "state", "size", "received", "taken", "unpacked", "created_at", "touched_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=16, choices=DeliveryState.choices, default=DeliveryState.OPEN)
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    unpacked = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["state", "touched_at"], name="deid_delivery_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("size")), name="deid_delivery_within_its_size"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DeliveryState.WHOLE, DeliveryState.TAKEN]) | Q(received=F("size")),
                name="deid_delivery_taken_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Piece(models.Model):
    """One sealed stretch of a delivery, `size` bytes from `start`."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "delivery", "start", "size", "sealed_id"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="pieces")
    start = models.BigIntegerField()
    size = models.BigIntegerField()
    sealed_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["delivery", "start"], name="deid_piece_once")]

    def __str__(self) -> str:
        return str(self.id)
