"""Who has which roles where: memberships, and invitations to one."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from ultrasound_portal.clinics.models.clinic import Clinic
from ultrasound_portal.clinics.roles import SETS_OF_ROLES, Role, joined, parted, says

KNOWN = models.Q(roles__in=[joined(one) for one in SETS_OF_ROLES])


class HoldsRoles(models.Model):
    """What has one role or several; `roles.joined` makes the text that is kept."""

    roles = models.CharField(max_length=64)

    class Meta:
        abstract = True

    @property
    def held(self) -> tuple[Role, ...]:
        """Return the roles."""
        return parted(self.roles)

    @property
    def says(self) -> str:
        """Return the roles in words."""
        return says(self.held)


class Membership(HoldsRoles):
    """A person's roles in a clinic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    created_at = models.DateTimeField(default=timezone.now)

    sensitive_fields: ClassVar[frozenset[str]] = frozenset()
    plain_fields: ClassVar[frozenset[str]] = frozenset({"id", "user", "clinic", "roles", "created_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinics_one_membership", fields=["user", "clinic"]),
            models.CheckConstraint(name="clinics_known_roles", condition=KNOWN),
        ]

    def __str__(self) -> str:
        return f"{self.roles} {self.id}"


class Invitation(HoldsRoles):
    """An address that may join a clinic in its roles, once and until its end; of the secret only the hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    sensitive_fields: ClassVar[frozenset[str]] = frozenset({"email"})
    plain_fields: ClassVar[frozenset[str]] = frozenset(
        {"id", "clinic", "roles", "secret_hash", "invited_by", "created_at", "ends_at"}
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="clinics_one_invitation", fields=["clinic", "email"]),
            models.CheckConstraint(name="clinics_known_roles_invited", condition=KNOWN),
        ]

    def __str__(self) -> str:
        return str(self.id)
