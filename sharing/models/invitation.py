"""Somebody is asked to decide or to sign from afar: one sitting about one study, behind two secrets, answered once."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from consent.models import ConsentDocument
from consent.states import Basis, SecondSecret, SignerRole
from deid.models import Study
from sharing.models.opening import ABSOLUTE, IDLE
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient

USUAL = timedelta(days=7)
LONGEST = timedelta(days=30)


class Invitation(models.Model):
    """What staff ask (`asked` holds the codes of purposes), in which language, until when, and what became of it.

    The secrets are known by their hashes only, as those of a link are. One visit runs at a time: `session_hash` is that
    of the device that came in last. Somebody is asked in a `role`, by the right of `basis`; where `cosigns`, for the
    name that a yes of somebody else waits for. What staff told beside that is sealed; see `sharing.briefs`. `copy` is
    the copy of the answers.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    asked = models.JSONField()
    language = models.CharField(max_length=12)
    second_secret = models.CharField(max_length=12, choices=SecondSecret.choices)
    role = models.CharField(max_length=16, choices=SignerRole.choices, default=SignerRole.PATIENT)
    basis = models.CharField(max_length=20, choices=Basis.choices, default=Basis.ADULT)
    cosigns = models.BooleanField(default=False)
    brief_object_id = models.UUIDField()
    brief_sealed = models.BinaryField()
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    not_after = models.DateTimeField()
    failed_attempts = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    session_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    session_began_at = models.DateTimeField(null=True, blank=True)
    session_seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    copy = models.ForeignKey(ConsentDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"brief_sealed", "token_hash", "code_hash", "session_hash"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "patient",
            "study",
            "asked",
            "language",
            "second_secret",
            "role",
            "basis",
            "cosigns",
            "brief_object_id",
            "not_after",
            "failed_attempts",
            "locked_until",
            "session_began_at",
            "session_seen_at",
            "revoked_at",
            "answered_at",
            "copy",
            "created_by",
            "created_at",
        }
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(not_after__gt=F("created_at")), name="sharing_invitation_has_an_end"),
            models.CheckConstraint(
                condition=Q(answered_at=None, copy=None) | Q(answered_at__isnull=False, copy__isnull=False),
                name="sharing_invitation_answered_with_a_copy",
            ),
            models.UniqueConstraint(
                fields=["study", "role"],
                condition=Q(answered_at=None, revoked_at=None),
                name="sharing_one_open_invitation",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """Whether it is neither answered nor revoked; its time may be over."""
        return self.answered_at is None and self.revoked_at is None

    def visit_runs(self, at: datetime) -> bool:
        """Tell whether the visit that came in last still runs, as that of a link does."""
        if self.session_began_at is None or self.session_seen_at is None:
            return False
        return at < self.session_seen_at + IDLE and at < self.session_began_at + ABSOLUTE

    @property
    def idle_seconds(self) -> int:
        """How long a page of the visit may still be shown if it asks for nothing more."""
        return _seconds_until(self.session_seen_at, IDLE)

    @property
    def seconds_left(self) -> int:
        """How long a page of the visit may still be shown at most."""
        return min(_seconds_until(self.session_began_at, ABSOLUTE), _seconds_until(self.not_after, timedelta()))


def _seconds_until(begun: datetime | None, life: timedelta) -> int:
    return max(0, int((begun + life - timezone.now()).total_seconds())) if begun else 0
