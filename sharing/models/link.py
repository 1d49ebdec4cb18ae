"""One way in for one recipient, for one purpose, for chosen pictures, for a while."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from consent.models import Grant
from deid.models import Study
from sharing.states import LinkState, RecipientCheck, SecondSecret
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient

LONGEST = timedelta(days=90)
USUAL = timedelta(days=14)
USUAL_OPENINGS = 50
MOST_OPENINGS = 500
LONGEST_VISIT = 120  # minutes
SHORTEST_VISIT = 5


class Link(models.Model):
    """A link knows its secrets by their hashes only. What it was made for never changes: the database refuses it.

    Two secrets lead in: `token_hash` is the SHA-256 of the one in the address, `code_hash` the argon2 hash of the one
    on the separate card; where `second_secret` says so, a one-time code comes instead, to the sealed contact.
    `failed_attempts` counts wrong codes since the last opening. `submission` is the form that made the link, so that a
    form sent twice makes one link. The name that staff gave it is sealed; see `sharing.nicknames`. A visit lasts
    `visit_minutes` at most. Staff made it (`created_by`), or the patient herself, `made_through` her own link.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset(
        {"nickname_sealed", "contact_sealed", "token_hash", "code_hash"}
    )
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "patient",
            "study",
            "grant",
            "purpose_code",
            "nickname_object_id",
            "recipient_check",
            "second_secret",
            "contact_object_id",
            "visit_minutes",
            "submission",
            "not_before",
            "not_after",
            "max_openings",
            "openings",
            "failed_attempts",
            "locked_until",
            "download_allowed",
            "revoked_at",
            "created_by",
            "made_through",
            "created_at",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="+")
    purpose_code = models.CharField(max_length=40)
    nickname_object_id = models.UUIDField()
    nickname_sealed = models.BinaryField()
    recipient_check = models.CharField(max_length=16, choices=RecipientCheck.choices)
    submission = models.UUIDField(unique=True, default=uuid.uuid4)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=128)
    second_secret = models.CharField(max_length=8, choices=SecondSecret.choices, default=SecondSecret.CARD)
    contact_object_id = models.UUIDField(null=True, blank=True)
    contact_sealed = models.BinaryField(default=b"")
    visit_minutes = models.PositiveSmallIntegerField(default=LONGEST_VISIT)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    max_openings = models.PositiveIntegerField(default=USUAL_OPENINGS)
    openings = models.PositiveIntegerField(default=0)
    failed_attempts = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    download_allowed = models.BooleanField(default=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_through = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["study", "-created_at"], name="sharing_link_of_study")]
        constraints = [
            models.CheckConstraint(condition=Q(not_after__gt=F("not_before")), name="sharing_link_has_a_window"),
            models.CheckConstraint(
                condition=Q(max_openings__gte=1, max_openings__lte=MOST_OPENINGS, openings__lte=F("max_openings")),
                name="sharing_link_openings_are_bounded",
            ),
            models.CheckConstraint(
                condition=Q(recipient_check__in=RecipientCheck.values), name="sharing_recipient_is_verified"
            ),
            models.CheckConstraint(
                condition=Q(second_secret=SecondSecret.CARD, contact_object_id=None)
                | Q(second_secret__in=[SecondSecret.EMAIL, SecondSecret.SMS], contact_object_id__isnull=False),
                name="sharing_sent_codes_have_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(visit_minutes__gte=SHORTEST_VISIT, visit_minutes__lte=LONGEST_VISIT),
                name="sharing_visits_end",
            ),
            models.CheckConstraint(condition=~Q(nickname_sealed=b""), name="sharing_link_has_a_nickname"),
            models.CheckConstraint(
                condition=Q(created_by__isnull=False, made_through=None) & ~Q(recipient_check=RecipientCheck.BY_PATIENT)
                | Q(created_by=None, made_through__isnull=False, recipient_check=RecipientCheck.BY_PATIENT),
                name="sharing_link_has_one_maker",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def state_at(self, at: datetime) -> LinkState:
        """Tell what the link itself is worth at a moment; whether the consent holds is the gate's question."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if at < self.not_before:
            return LinkState.NOT_YET
        if at >= self.not_after:
            return LinkState.EXPIRED
        return LinkState.ACTIVE


class LinkImage(models.Model):
    """One file that a link may give, pinned by its hash; `position` numbers the pictures within the link from 1."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "link", "position", "picture_id", "artefact_id", "sha256"}
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveIntegerField()
    picture_id = models.UUIDField()
    artefact_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["link", "artefact_id"], name="sharing_link_gives_a_file_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)
