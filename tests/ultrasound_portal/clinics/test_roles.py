"""Each role may do what its work needs."""

import pytest

from ultrasound_portal.clinics.roles import (
    CAPABILITIES,
    DUTIES,
    SETS_OF_ROLES,
    Capability,
    Role,
    capabilities,
    joined,
    parted,
    says,
)

MAY = {
    Role.SONOGRAPHER: {"upload", "review"},
    Role.CLINICIAN: {"upload", "review", "release", "consent", "share"},
    Role.REVIEWER: {"review", "release"},
    Role.AUDITOR: {"ledger", "audit"},
    Role.ADMINISTRATOR: {"ledger", "audit", "brand", "policy", "retention", "people", "incidents"},
}


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may(role: Role) -> None:
    assert {one.value for one in CAPABILITIES[role]} == MAY[role]


def test_each_role_has_its_duty_in_words() -> None:
    assert set(DUTIES) == set(Role)


@pytest.mark.requirement("R42")
def test_whoever_runs_the_clinic_sees_no_picture_and_signs_no_release() -> None:
    pictures = {Capability.UPLOAD, Capability.REVIEW, Capability.RELEASE, Capability.CONSENT, Capability.SHARE}
    assert not pictures & capabilities([Role.ADMINISTRATOR])
    assert capabilities([Role.ADMINISTRATOR, Role.CLINICIAN]) == set(Capability)


def test_roles_are_kept_in_one_order_and_come_back() -> None:
    assert joined([Role.AUDITOR, Role.CLINICIAN, Role.AUDITOR]) == "clinician,auditor"
    assert joined(Role.CLINICIAN) == "clinician"
    assert len({joined(one) for one in SETS_OF_ROLES}) == 31
    for one in SETS_OF_ROLES:
        assert parted(joined(reversed(one))) == one


def test_a_member_holds_a_role() -> None:
    with pytest.raises(ValueError, match="holds a role"):
        joined([])


def test_roles_in_words() -> None:
    assert says([Role.AUDITOR]) == "Auditor"
    assert says([Role.CLINICIAN, Role.ADMINISTRATOR]) == "Clinician and administrator"
    assert says(Role) == "Sonographer, clinician, reviewer, administrator and auditor"
