"""Something that went wrong with a study's pictures after they were given out, and what was done about it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from deid.models import Study
from sharing.states import IncidentKind, IncidentOutcome, StepKind
from ultrasound_portal.clinics.models import Clinic


class Incident(models.Model):
    """One event that may be a breach. `known_at` is when the clinic learnt of it: the clocks of the law start there.

    What happened is told in words that may name people, and is sealed. `links_closed` and `consents_rested` are what
    opening the incident stopped at once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=IncidentKind.choices)
    account_object_id = models.UUIDField()
    account_sealed = models.BinaryField()
    known_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    links_closed = models.PositiveIntegerField()
    consents_rested = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=IncidentOutcome.choices, blank=True, default=IncidentOutcome.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"account_sealed"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "study",
            "kind",
            "account_object_id",
            "known_at",
            "opened_at",
            "opened_by",
            "links_closed",
            "consents_rested",
            "outcome",
            "closed_at",
            "closed_by",
        }
    )

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["clinic", "closed_at", "-opened_at"], name="sharing_incident_of_clinic")]
        constraints = [
            models.CheckConstraint(condition=Q(known_at__lte=F("opened_at")), name="sharing_incident_known_first"),
            models.CheckConstraint(condition=Q(kind__in=IncidentKind.values), name="sharing_incident_has_a_kind"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(outcome="") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="sharing_incident_closed_with_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class IncidentStep(models.Model):
    """One thing that an incident asks of people, and who did it when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind.choices)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "incident", "kind", "done_at", "done_by"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "kind"], name="sharing_step_once_per_incident"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="sharing_step_done_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.incident_id}"
