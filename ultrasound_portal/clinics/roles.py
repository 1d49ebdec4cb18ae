"""The roles of staff and what each may do."""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What a person is in a clinic."""

    SONOGRAPHER = "sonographer", "Sonographer"
    CLINICIAN = "clinician", "Clinician"
    REVIEWER = "reviewer", "Reviewer"
    ADMINISTRATOR = "administrator", "Administrator"
    AUDITOR = "auditor", "Auditor"


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
    PEOPLE = "people"
    INCIDENTS = "incidents"


CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.SONOGRAPHER: frozenset({Capability.UPLOAD, Capability.REVIEW}),
    Role.CLINICIAN: frozenset(
        {Capability.UPLOAD, Capability.REVIEW, Capability.RELEASE, Capability.CONSENT, Capability.SHARE}
    ),
    Role.REVIEWER: frozenset({Capability.REVIEW, Capability.RELEASE}),
    Role.ADMINISTRATOR: frozenset(Capability),
    Role.AUDITOR: frozenset({Capability.LEDGER, Capability.AUDIT}),
}
