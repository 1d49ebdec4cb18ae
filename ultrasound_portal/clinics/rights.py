"""What a member may do: the rights of her roles, and for a while what she broke the glass for."""

from django.db.models import QuerySet
from django.utils import timezone

from ultrasound_portal.clinics.models import GlassBreak, Membership
from ultrasound_portal.clinics.roles import Capability, capabilities


def open_now(membership: Membership) -> QuerySet[GlassBreak]:
    """Return what is open to the member beyond her roles."""
    return GlassBreak.objects.filter(membership_id=membership.pk, ends_at__gt=timezone.now()).order_by("ends_at")


def can(membership: Membership, capability: Capability) -> bool:
    """Say whether the member may do one thing at this moment."""
    return by_role(membership, capability) or open_now(membership).filter(capability=capability.value).exists()


def by_role(membership: Membership, capability: Capability) -> bool:
    """Say whether the member's roles alone may do it."""
    return capability in capabilities(membership.held)


def rights_of(membership: Membership) -> frozenset[Capability]:
    """Return all that the member may do at this moment."""
    opened = (Capability(one.capability) for one in open_now(membership))
    return capabilities(membership.held) | frozenset(opened)
