"""The roles of staff, what each may do, and how a person holds one or several."""

from collections.abc import Iterable
from enum import StrEnum
from itertools import chain, combinations

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


CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.SONOGRAPHER: frozenset({Capability.UPLOAD, Capability.REVIEW}),
    Role.CLINICIAN: frozenset(
        {Capability.UPLOAD, Capability.REVIEW, Capability.RELEASE, Capability.CONSENT, Capability.SHARE}
    ),
    Role.REVIEWER: frozenset({Capability.REVIEW, Capability.RELEASE}),
    Role.ADMINISTRATOR: frozenset(
        {
            Capability.LEDGER,
            Capability.AUDIT,
            Capability.BRAND,
            Capability.POLICY,
            Capability.RETENTION,
            Capability.PEOPLE,
            Capability.INCIDENTS,
        }
    ),
    Role.AUDITOR: frozenset({Capability.LEDGER, Capability.AUDIT}),
}
"""The least that each role's work needs: who runs a clinic sees no picture, unless she is of another role as well."""

DUTIES: dict[Role, str] = {
    Role.SONOGRAPHER: "uploads and checks pictures",
    Role.CLINICIAN: "uploads, checks and releases, asks for consent, makes links",
    Role.REVIEWER: "checks and releases pictures",
    Role.ADMINISTRATOR: "people, brand, rules, incidents; sees no picture",
    Role.AUDITOR: "reads consents and the audit trail",
}

RIGHTS = {
    Capability.UPLOAD: "Uploading",
    Capability.REVIEW: "Studies and their pictures",
    Capability.RELEASE: "Releasing pictures",
    Capability.CONSENT: "Consents of a patient",
    Capability.SHARE: "Links",
    Capability.LEDGER: "The ledger of consents",
}
"""What somebody may open for a while, in words."""

SETS_OF_ROLES: tuple[tuple[Role, ...], ...] = tuple(
    chain.from_iterable(combinations(Role, number) for number in range(1, len(Role) + 1))
)


def joined(roles: Role | Iterable[Role]) -> str:
    """Return one role or several as a row keeps them, in the order of `Role`; raises ValueError for none."""
    held = {Role(roles)} if isinstance(roles, str) else set(roles)
    if not held:
        raise ValueError("a member holds a role")
    return ",".join(role for role in Role if role in held)


def parted(kept: str) -> tuple[Role, ...]:
    """Return the roles that a row keeps."""
    return tuple(Role(role) for role in kept.split(","))


def capabilities(roles: Iterable[Role]) -> frozenset[Capability]:
    """Return what any of the roles may do."""
    return frozenset(chain.from_iterable(CAPABILITIES[role] for role in roles))


def says(roles: Iterable[Role]) -> str:
    """Return roles as a person reads them: `Clinician and administrator`."""
    *former, last = (str(role.label).lower() for role in roles)
    return f"{', '.join(former)} and {last}".capitalize() if former else last.capitalize()
