"""A member may do what her role may, and for an hour what she broke the glass for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories.clinics import make_member
from ultrasound_portal.clinics.models import GlassBreak, GlassReason
from ultrasound_portal.clinics.rights import by_role, can, open_now
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability, Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_the_rights_of_a_role(role: Role) -> None:
    member = make_member(role=role)
    assert {one for one in Capability if can(member, one)} == CAPABILITIES[role]
    assert {one for one in Capability if by_role(member, one)} == CAPABILITIES[role]


def test_what_was_opened_counts_until_its_end_and_for_this_member_only() -> None:
    member, other = make_member(role=Role.SONOGRAPHER), make_member(role=Role.SONOGRAPHER)
    end = timezone.now() + timedelta(minutes=5)
    broken = GlassBreak.objects.create(membership=member, capability="release", reason=GlassReason.URGENT, ends_at=end)
    assert can(member, Capability.RELEASE)
    assert not by_role(member, Capability.RELEASE)
    assert not can(member, Capability.SHARE)
    assert not can(other, Capability.RELEASE)
    assert list(open_now(member)) == [broken]
    GlassBreak.objects.update(opened_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now())
    assert not can(member, Capability.RELEASE)
