"""Invites people to a clinic by a secret that is good once and ends; each step with its audit entry."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic, Invitation, Membership, User
from ultrasound_portal.clinics.roles import Role, joined
from ultrasound_portal.clinics.services import add_member

LASTS = timedelta(days=7)


class NotInvited(Exception):
    """The address works here already, or the invitation is over."""


@transaction.atomic
def invite(clinic: Clinic, email: str, roles: Role | Iterable[Role], *, by: User) -> str:
    """Return the secret of a fresh invitation, in place of one there was; raises NotInvited for who works here."""
    address = email.strip().lower()
    if Membership.objects.filter(clinic=clinic, user__email=address).exists():
        raise NotInvited
    secret = secrets.token_urlsafe(32)
    invitation, _ = Invitation.objects.update_or_create(
        clinic=clinic,
        email=address,
        defaults={
            "roles": joined(roles),
            "secret_hash": _hash(secret),
            "invited_by": by,
            "created_at": timezone.now(),
            "ends_at": timezone.now() + LASTS,
        },
    )
    _note(Event.MEMBER_INVITED, invitation, by=by)
    return secret


def alive(clinic: Clinic) -> QuerySet[Invitation]:
    """Return the invitations to a clinic that can still be taken, the newest first."""
    return Invitation.objects.filter(clinic=clinic, ends_at__gt=timezone.now()).order_by("-created_at")


def by_secret(secret: str) -> Invitation | None:
    """Return the invitation of a secret if it can still be taken."""
    found = Invitation.objects.select_related("clinic").filter(secret_hash=_hash(secret.strip()))
    return found.filter(ends_at__gt=timezone.now()).first()


@transaction.atomic
def accept(invitation: Invitation, user: User) -> Membership:
    """Give the invited person her roles and use the invitation up; raises NotInvited where somebody was first."""
    living = Invitation.objects.select_for_update().filter(pk=invitation.pk, ends_at__gt=timezone.now()).first()
    if living is None or living.email != user.email:
        raise NotInvited
    membership = add_member(user, living.clinic, living.held, living.invited_by)
    _note(Event.INVITATION_ACCEPTED, living, by=user)
    living.delete()
    return membership


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """End an invitation before its time."""
    _note(Event.INVITATION_WITHDRAWN, invitation, by=by)
    invitation.delete()


def clear() -> None:
    """Remove the invitations that are over."""
    Invitation.objects.filter(ends_at__lte=timezone.now()).delete()


def _note(event: Event, invitation: Invitation, *, by: User) -> None:
    record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=invitation.clinic_id,
        object_kind="invitation",
        object_id=invitation.pk,
        detail={"roles": invitation.roles},
    )


def _hash(secret: str) -> str:
    """256 random bits need no slow hash (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(secret.encode()).hexdigest()
