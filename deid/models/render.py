"""One file made for sharing out of a clean picture, in one format and with one version of the clinic's brand."""

import uuid
from typing import ClassVar

from django.db import models

from deid.engine.formats import Format
from deid.models.artefact import Artefact
from deid.models.instance import Instance


class Render(models.Model):
    """The key of a sealed render, and the file of the patient's that it shows in another format.

    `basis` and `basis_sha256` name that file, which is of the same run: consent to share it, by its hash, is consent to
    share the render, and there is no other. `sha256` is of the render's own plain bytes.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"object_id"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {
            "id",
            "instance",
            "basis",
            "basis_sha256",
            "format",
            "sha256",
            "size",
            "media_type",
            "width",
            "height",
            "brand_version",
            "made_at",
        }
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="renders")
    basis = models.ForeignKey(Artefact, on_delete=models.CASCADE, related_name="renders")
    basis_sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Format])
    object_id = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    brand_version = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "format"], name="deid_render_once_per_format"),
            models.CheckConstraint(
                condition=models.Q(format__in=sorted(one.value for one in Format)), name="deid_render_format_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
