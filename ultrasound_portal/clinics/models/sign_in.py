"""Sessions of staff, and what opened them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Proof(models.TextChoices):
    """What a person showed beside the password, or in its place."""

    CODE = "code", "Code app"
    PASSKEY = "passkey", "Passkey"
    RECOVERY = "recovery", "Recovery code"
    DEMO = "demo", "Demo, password alone"


class SignIn(models.Model):
    """One session of a member of staff; without its row the session is worth nothing.

    `seen_at` is the last word from the browser, `active_at` the last from the person, `proved_at` the last time she
    showed a password or a passkey. `device` is a browser and a system of a closed list.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    proof = models.CharField(max_length=16, choices=Proof)
    device = models.CharField(max_length=40)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(default=timezone.now)
    locked_at = models.DateTimeField(null=True, blank=True)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "user", "proof", "device", "started_at", "seen_at", "active_at", "proved_at", "locked_at"}
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="clinics_known_proof", condition=models.Q(proof__in=Proof.values)),
        ]

    def __str__(self) -> str:
        return str(self.id)
