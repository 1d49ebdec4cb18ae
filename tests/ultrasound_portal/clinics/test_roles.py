"""Each role may do what its work needs."""

import pytest

from ultrasound_portal.clinics.roles import CAPABILITIES, Capability, Role

MAY = {
    Role.SONOGRAPHER: {"upload", "review"},
    Role.CLINICIAN: {"upload", "review", "release", "consent", "share"},
    Role.REVIEWER: {"review", "release"},
    Role.AUDITOR: {"ledger", "audit"},
    Role.ADMINISTRATOR: {one.value for one in Capability},
}


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may(role: Role) -> None:
    assert {one.value for one in CAPABILITIES[role]} == MAY[role]
