"""The trail's entries and its head; database triggers refuse every change but an append."""

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One act: who, what, on which object, how it ended; chained to the one before it. Keys, never names."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=40, db_index=True)
    actor = models.CharField(max_length=64)
    clinic_id = models.UUIDField(null=True, blank=True, db_index=True)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.UUIDField(null=True, blank=True, db_index=True)
    patient_id = models.UUIDField(null=True, blank=True, db_index=True)
    purpose = models.CharField(max_length=40, blank=True)
    grant_id = models.UUIDField(null=True, blank=True)
    outcome = models.CharField(max_length=10)
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    leaf_hash = models.CharField(max_length=64)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "seq",
            "at",
            "event",
            "actor",
            "clinic_id",
            "object_kind",
            "object_id",
            "patient_id",
            "purpose",
            "grant_id",
            "outcome",
            "detail",
            "prev_hash",
            "leaf_hash",
        }
    )

    class Meta:
        constraints = [models.CheckConstraint(name="audit_seq_from_one", condition=models.Q(seq__gte=1))]

    def __str__(self) -> str:
        return f"{self.seq} {self.event}"


class Head(models.Model):
    """The one row that every append locks, so that numbers have no gaps and a cut tail is seen."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    leaf_hash = models.CharField(max_length=64)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "seq", "leaf_hash"})

    class Meta:
        constraints = [models.CheckConstraint(name="audit_one_head", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"head at {self.seq}"
