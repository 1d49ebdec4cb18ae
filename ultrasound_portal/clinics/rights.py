"""What a member may do: the rights of her role."""

from ultrasound_portal.clinics.models import Membership
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability


def rights_of(membership: Membership) -> frozenset[Capability]:
    """Return everything that the member may do at this moment."""
    return CAPABILITIES[membership.role]


def can(membership: Membership, capability: Capability) -> bool:
    """Say whether the member may do one thing."""
    return capability in rights_of(membership)
