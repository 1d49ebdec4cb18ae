"""One person's answer to one of the two questions before a picture reaches the patient."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deid.models.instance import Instance
from deid.models.round import Round
from deid.models.run import Run
from deid.states import Gate


class Approval(models.Model):
    """Who passed which gate for the result of which run; one stands per run and gate.

    `confirmed` says that the person ticked the sentence of a held picture, `unseen_frames` how many frames of a film
    had not been shown to her. `round` is set where several pictures were approved at once. It ends with a release taken
    back, and with every edit.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "instance", "run", "gate", "by", "at", "confirmed", "unseen_frames", "round", "ended_at"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="approvals")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="approvals")
    gate = models.CharField(max_length=8, choices=Gate.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    confirmed = models.BooleanField(default=False)
    unseen_frames = models.PositiveIntegerField(default=0)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="approvals")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "gate"], condition=Q(ended_at__isnull=True), name="deid_one_approval_per_gate"
            ),
            models.CheckConstraint(condition=Q(gate__in=Gate.values), name="deid_approval_gate_is_known"),
        ]

    def __str__(self) -> str:
        return str(self.id)
