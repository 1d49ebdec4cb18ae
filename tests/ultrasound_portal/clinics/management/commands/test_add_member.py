"""An operator adds staff to a clinic, each with one role."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.clinics import PASSWORD, make_clinic, make_staff, make_user
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Membership, User
from ultrasound_portal.clinics.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(PASSWORD)
    return path


def run(clinic: object, password_file: Path | None = None, **changes: str) -> str:
    values = {"email": "bea@example.org", "display_name": "Bea Lund", "role": ["sonographer"], **changes}
    out = io.StringIO()
    call_command("add_member", clinic=str(clinic), **values, password_file=password_file, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("role", list(Role))
def test_it_works(password_file: Path, role: Role) -> None:
    clinic = make_clinic()
    said = run(clinic.pk, password_file, role=[role.value])
    membership = Membership.objects.get(clinic=clinic)
    assert (membership.roles, membership.user.display_name) == (role, "Bea Lund")
    assert membership.user.check_password(PASSWORD)
    assert said == f"Added as {role.label.lower()}. User id: {membership.user.pk}\n"


def test_a_clinic_is_found_by_name(password_file: Path) -> None:
    clinic = make_clinic("Hillside Scans")
    run(" hillside scans", password_file)
    assert Membership.objects.get().clinic == clinic


def test_somebody_without_a_clinic_needs_no_password() -> None:
    clinic, user = make_clinic(), make_user(email="bea@example.org")
    run(clinic.pk, email="BEA@example.org", display_name="")
    assert Membership.objects.get().user == user
    assert user.check_password(PASSWORD)


def test_the_trail_knows(password_file: Path) -> None:
    clinic = make_clinic()
    run(clinic.pk, password_file)
    entry = Entry.objects.get(event=Event.MEMBER_ADDED)
    assert (entry.actor, entry.clinic_id, entry.detail) == ("system:setup", clinic.pk, {"roles": "sonographer"})


def test_a_new_person_has_a_name(password_file: Path) -> None:
    with pytest.raises(CommandError, match="--display-name"):
        run(make_clinic().pk, password_file, display_name="")


@pytest.mark.requirement("R38")
def test_a_weak_password_leaves_nothing(password_file: Path) -> None:
    password_file.write_text("password1234")
    with pytest.raises(CommandError, match="too common"):
        run(make_clinic().pk, password_file)
    assert not User.objects.exists()


def test_a_person_has_one_role_in_a_clinic() -> None:
    clinic = make_clinic()
    make_staff(clinic, email="bea@example.org")
    with pytest.raises(CommandError, match="in this clinic already"):
        run(clinic.pk)
    assert Membership.objects.count() == 1


def test_a_person_may_work_in_several_clinics() -> None:
    clinic = make_clinic()
    make_staff(make_clinic("Riverside"), email="bea@example.org")
    run(clinic.pk)
    assert {one.clinic.name for one in Membership.objects.filter(user__email="bea@example.org")} == {
        clinic.name,
        "Riverside",
    }


@pytest.mark.parametrize("asked", ["Nowhere", "6f1c0a52-3d4f-4b7e-9a55-0d6b6f1a2c3d"])
def test_an_unknown_clinic_lists_the_known_ones(asked: str) -> None:
    clinic = make_clinic("Hillside Scans")
    with pytest.raises(CommandError, match=f"{clinic.pk}  Hillside Scans"):
        run(asked)


def test_a_name_that_two_clinics_have_is_not_enough() -> None:
    make_clinic("Hillside Scans")
    make_clinic("Hillside Scans")
    with pytest.raises(CommandError, match="by its id"):
        run("Hillside Scans")


def test_without_a_clinic_the_way_out_is_named() -> None:
    with pytest.raises(CommandError, match="open_clinic"):
        run("Hillside Scans")


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("add_member", "--clinic", "x", "--email", "bea@example.org", "--role", "owner")
