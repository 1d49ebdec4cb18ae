"""That a patient has deleted her shared copies: nothing is made for sharing until she asks for it or says yes again."""

import uuid
from typing import ClassVar

from django.db import models

from ultrasound_portal.patients.models import Patient


class NoCopies(models.Model):
    """Stands from the deletion on; it goes with her asking for files again, or with her next yes."""

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "patient", "since"})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)
