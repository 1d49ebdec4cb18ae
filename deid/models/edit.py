"""The covers of a picture as one person left them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from deid.models.instance import Instance


class Edit(models.Model):
    """The covers and lifts of a picture after its edit number `number`, whole, so that any edit can be undone.

    Number 0 is how the picture stood before the first edit; nobody made it.
    """

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "instance", "number", "covers", "lifts", "by", "at"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instance = models.ForeignKey(Instance, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    covers = models.JSONField(default=list, blank=True)
    lifts = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["instance", "number"], name="deid_edit_once")]

    def __str__(self) -> str:
        return str(self.id)
