"""The roles of staff and what each may do."""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What a person is in a clinic."""

    SONOGRAPHER = "sonographer", "Sonographer"
    CLINICIAN = "clinician", "Clinician"
    ADMINISTRATOR = "administrator", "Administrator"


class Capability(StrEnum):
    """What a view may ask for."""

    UPLOAD = "upload"
    REVIEW = "review"
    RELEASE = "release"
    CONSENT = "consent"
    SHARE = "share"
    LEDGER = "ledger"
    AUDIT = "audit"
    BRAND = "brand"
    POLICY = "policy"
    RETENTION = "retention"


CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.SONOGRAPHER: frozenset({Capability.UPLOAD, Capability.REVIEW}),
    Role.CLINICIAN: frozenset(
        {Capability.UPLOAD, Capability.REVIEW, Capability.RELEASE, Capability.CONSENT, Capability.SHARE}
    ),
    Role.ADMINISTRATOR: frozenset(Capability),
}
