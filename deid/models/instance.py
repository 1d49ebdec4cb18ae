"""One received object and where it stands."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from deid.models.machine import Machine
from deid.models.study import Study
from deid.states import MOVES, WITH_REASON, InstanceState, MoveRefused
from ultrasound_portal.clinics.models import Clinic


class Instance(models.Model):
    """One received picture or cine; its bytes are the sealed object `original_id`.

    The same bytes are one instance; the same SOP Instance UID with other bytes is another version.

    `covers` are a reviewer's own boxes (`deid.engine.geometry.Box.to_json`), in source pixels; `lifts` are boxes of the
    engine that a reviewer took away, each with its `reason`; `edition` counts the edits of both. `reason` is a
    value of RejectReason, HoldReason, Doubt, Refusal or Failure. `tells_sex` says that the picture may tell the sex of
    the child, as the engine or a person found; `sex_wanted`, that who released it knows that the family wants to know.
    `original_destroyed_at` is when the key of the original was destroyed; from then on nothing is cleaned again.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"sop_match", "content_match", "original_id"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "study",
            "number",
            "state",
            "reason",
            "rows",
            "columns",
            "frames",
            "covers",
            "lifts",
            "edition",
            "machine",
            "tells_sex",
            "sex_wanted",
            "original_destroyed_at",
            "received_at",
            "changed_at",
            "released_at",
            "released_by",
            "current_run",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="instances")
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="instances")
    number = models.PositiveIntegerField()
    sop_match = models.CharField(max_length=64, db_index=True)
    content_match = models.CharField(max_length=64)
    original_id = models.UUIDField(unique=True)
    state = models.CharField(
        max_length=16, choices=InstanceState.choices, default=InstanceState.RECEIVED, db_index=True
    )
    reason = models.CharField(max_length=32, blank=True, default="")
    rows = models.PositiveIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    frames = models.PositiveIntegerField(default=0)
    covers = models.JSONField(default=list, blank=True)
    lifts = models.JSONField(default=list, blank=True)
    edition = models.PositiveIntegerField(default=0)
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tells_sex = models.BooleanField(default=False)
    sex_wanted = models.BooleanField(default=False)
    original_destroyed_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    current_run = models.OneToOneField(
        "deid.Run", on_delete=models.SET_NULL, null=True, blank=True, related_name="current_of"
    )

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["study", "state"], name="deid_instance_of_study"),
            models.Index(fields=["clinic", "state"], name="deid_instance_of_clinic"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "content_match"], name="deid_content_once_per_clinic"),
            models.UniqueConstraint(fields=["study", "number"], name="deid_instance_number_once"),
            models.CheckConstraint(condition=Q(state__in=InstanceState.values), name="deid_instance_state_is_known"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=False, released_by__isnull=False, state=InstanceState.RELEASED)
                | (Q(released_at__isnull=True, released_by__isnull=True) & ~Q(state=InstanceState.RELEASED)),
                name="deid_released_when_by_whom",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=sorted(WITH_REASON)) & ~Q(reason=""))
                | (~Q(state__in=sorted(WITH_REASON)) & Q(reason="")),
                name="deid_reason_where_needed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[InstanceState.CLEAN, InstanceState.RELEASED]) | Q(current_run__isnull=False),
                name="deid_clean_has_a_run",
            ),
            models.CheckConstraint(
                condition=~Q(state=InstanceState.RELEASED) | Q(tells_sex=False) | Q(sex_wanted=True),
                name="deid_sex_is_told_on_purpose",
            ),
            models.CheckConstraint(
                condition=Q(state=InstanceState.RELEASED) | Q(sex_wanted=False),
                name="deid_sex_wanted_is_of_a_release",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def move_to(self, state: InstanceState, *, reason: str = "") -> None:
        """Take one step of the table of moves in memory; approval never survives it. Raises MoveRefused."""
        here = InstanceState(self.state)
        if state not in MOVES[here]:
            raise MoveRefused(here, state)
        self.state = state
        self.reason = reason
        self.released_at = None
        self.released_by = None
        self.sex_wanted = False
