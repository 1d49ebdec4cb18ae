"""One sealed output of a run."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from deid.models.instance import Instance
from deid.models.run import Run
from deid.states import PATIENT_KINDS, ArtefactKind


class Artefact(models.Model):
    """The key of a sealed file with what a viewer needs to know of it; `sha256` is of the plain bytes."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"object_id"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "instance",
            "run",
            "kind",
            "sha256",
            "size",
            "media_type",
            "width",
            "height",
            "brand_version",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="artefacts")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="artefacts")
    kind = models.CharField(max_length=16, choices=ArtefactKind.choices)
    object_id = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=32)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    brand_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind"], name="deid_artefact_once_per_run"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(PATIENT_KINDS), brand_version__isnull=False)
                | (~Q(kind__in=sorted(PATIENT_KINDS)) & Q(brand_version__isnull=True)),
                name="deid_patient_artefact_is_branded",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
