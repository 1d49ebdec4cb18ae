"""A member may do what her role may."""

import pytest

from ultrasound_portal.clinics.models import Membership
from ultrasound_portal.clinics.rights import can, rights_of
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability, Role


@pytest.mark.parametrize("role", Role)
def test_the_rights_of_a_role(role: Role) -> None:
    member = Membership(role=role)
    assert rights_of(member) == CAPABILITIES[role]
    assert {one for one in Capability if can(member, one)} == CAPABILITIES[role]
