"""The patient's answer for one purpose within one scope, and the pictures it covers."""

import datetime
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from consent.models.purpose import Purpose
from consent.models.record import ConsentRecord
from consent.models.wording import Wording
from consent.states import STANDING, GrantDecision, GrantState
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient

REFUSALS = {GrantState.REFUSED, GrantState.SUPERSEDED, GrantState.IN_ERROR}
"""The states a no can be in."""

RUNNING = (GrantState.PENDING, GrantState.ACTIVE, GrantState.SUSPENDED)
"""The states of a yes that time alone can end."""

KIND_WORDS = {"still_png": "Picture", "still_jpeg": "Small copy"}


class GrantQuerySet(models.QuerySet["Grant"]):
    """The ways grants are narrowed."""

    def in_state(self, state: GrantState, at: datetime.datetime) -> Self:
        """The grants that stand in `state` at `at`: one that runs but is past its end counts as expired."""
        if state in RUNNING:
            return self.filter(state=state, valid_until__gt=at)
        if state == GrantState.EXPIRED:
            return self.filter(Q(state=state) | Q(state__in=RUNNING, valid_until__lte=at))
        return self.filter(state=state)


class Grant(models.Model):
    """One answer, in one wording, for the very pictures shown, until a date; only its state ever moves.

    `scope_id` is the key of what the pictures belong to, opaque here: answers for different scopes never touch. The
    database keeps this: at most one answer of a patient for a purpose stands within a scope (a yes or a no, so that a
    refusal outranks every permit until the patient signs anew); a yes has an end; what has ended stays ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(ConsentRecord, on_delete=models.PROTECT, related_name="grants")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    scope_id = models.UUIDField()
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=8, choices=GrantDecision.choices)
    state = models.CharField(max_length=12, choices=GrantState.choices)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "record",
            "clinic",
            "patient",
            "purpose",
            "scope_id",
            "wording",
            "decision",
            "state",
            "valid_from",
            "valid_until",
        }
    )

    class Meta:
        ordering = ["-valid_from", "id"]
        indexes = [
            models.Index(fields=["clinic", "-valid_from"], name="consent_grant_ledger"),
            models.Index(fields=["clinic", "state", "valid_until"], name="consent_grant_running"),
            models.Index(fields=["clinic", "state", "-valid_from"], name="consent_grant_by_state"),
            models.Index(fields=["patient", "-valid_from"], name="consent_grant_of_patient"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "purpose", "scope_id"],
                condition=Q(state__in=sorted(STANDING)),
                name="consent_one_standing_answer",
            ),
            models.UniqueConstraint(
                fields=["patient", "purpose", "scope_id"],
                condition=Q(state=GrantState.PENDING),
                name="consent_one_pending_answer",
            ),
            models.CheckConstraint(
                name="consent_a_yes_has_an_end",
                condition=Q(decision=GrantDecision.DENY, valid_until__isnull=True)
                | Q(
                    decision=GrantDecision.PERMIT,
                    valid_until__isnull=False,
                    valid_until__gt=F("valid_from"),
                ),
            ),
            models.CheckConstraint(
                name="consent_state_fits_the_answer",
                condition=Q(decision=GrantDecision.DENY, state__in=sorted(REFUSALS))
                | Q(decision=GrantDecision.PERMIT, state__in=sorted(set(GrantState) - {GrantState.REFUSED})),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} {self.state}"

    def state_at(self, at: datetime.datetime) -> GrantState:
        """The state as a reader understands it at `at`: one that runs but is past its end reads expired."""
        if self.state in RUNNING and (self.valid_until is None or self.valid_until <= at):
            return GrantState.EXPIRED
        return GrantState(self.state)


class GrantImage(models.Model):
    """One picture the patient was shown, held by the hash of its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="images")
    picture_id = models.UUIDField()
    artefact_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    shown_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "grant", "picture_id", "artefact_id", "sha256", "kind", "shown_at"}
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "artefact_id"], name="consent_picture_shown_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.artefact_id}"

    @property
    def kind_in_words(self) -> str:
        """The kind as the patient's page calls it; a kind without such a word keeps its own name."""
        return KIND_WORDS.get(self.kind, self.kind.replace("_", " ").capitalize())
