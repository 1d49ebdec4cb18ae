"""Whether pictures that may tell the sex of the child go out for one purpose: the patient's own word."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from deid.models import Study


class SexWish(models.Model):
    """Her word for the pictures of one study and one purpose; where there is none, it is no.

    `said_to` is the member of staff who heard it, empty where she said it on her own page.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "study", "purpose_code", "wanted", "said_at", "said_to"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    purpose_code = models.CharField(max_length=40)
    wanted = models.BooleanField()
    said_at = models.DateTimeField()
    said_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["study", "purpose_code"], name="sharing_one_sex_wish_per_purpose"),
        ]

    def __str__(self) -> str:
        return str(self.id)
