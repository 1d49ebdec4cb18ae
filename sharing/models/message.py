"""One message to one recipient: the row is the outbox, a worker only empties it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from consent.models import ConsentDocument
from sharing.models.link import Link
from sharing.states import Channel, MessageFault, MessageKind, MessageState
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.models import Patient


class Message(models.Model):
    """Who gets it and what its words need are sealed (`sharing.sealed`), and destroyed when the message ends.

    `kind` is a MessageKind and `fault` a MessageFault. `not_after` is the moment after which it is worth nothing;
    `tries` counts those that failed. `patient` is whose pictures it is about, whoever gets it. `document` is the copy
    that is sent, where one is.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"contents_sealed"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "clinic",
            "patient",
            "link",
            "document",
            "kind",
            "channel",
            "language",
            "contents_object_id",
            "state",
            "fault",
            "tries",
            "tried_at",
            "next_try_at",
            "not_after",
            "created_at",
            "ended_at",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True, blank=True, related_name="messages")
    document = models.ForeignKey(ConsentDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=10)
    contents_object_id = models.UUIDField()
    contents_sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.QUEUED)
    fault = models.CharField(max_length=20, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField()
    not_after = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["clinic", "state", "-created_at"], name="sharing_message_by_state")]
        constraints = [
            models.CheckConstraint(condition=Q(not_after__gt=F("created_at")), name="sharing_message_has_an_end"),
            models.CheckConstraint(
                condition=Q(state=MessageState.QUEUED, ended_at=None)
                | (~Q(state=MessageState.QUEUED) & Q(ended_at__isnull=False)),
                name="sharing_message_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MessageState.QUEUED, MessageState.SENT], fault="")
                | (Q(state__in=[MessageState.FAILED, MessageState.STOPPED]) & ~Q(fault="")),
                name="sharing_message_says_why",
            ),
            models.CheckConstraint(
                condition=Q(kind=MessageKind.COPY, document__isnull=False)
                | (~Q(kind=MessageKind.COPY) & Q(document=None)),
                name="sharing_copy_has_its_document",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def why(self) -> str:
        """Why it was stopped or could not be sent, for staff; empty where neither is so."""
        return str(MessageFault(self.fault).label) if self.fault else ""
