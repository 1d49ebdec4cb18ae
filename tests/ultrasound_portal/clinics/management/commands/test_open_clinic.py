"""An operator opens a real clinic: with a brand, an administrator, and entries on the trail; or nothing happens."""

import io
import uuid
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.factories.clinics import PASSWORD, make_clinic, make_user
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import current_brand

pytestmark = pytest.mark.django_db


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.write_text(f"{PASSWORD}\n")
    return path


def run(password_file: Path, **changes: str) -> str:
    values = {
        "name": "Hillside Scans",
        "contact": "01632 960000",
        "email": "ada@example.org",
        "display_name": "Ada Marsh",
        **changes,
    }
    out = io.StringIO()
    call_command("open_clinic", **values, password_file=password_file, stdout=out)
    return out.getvalue()


def test_it_works(password_file: Path) -> None:
    said = run(password_file)
    clinic = Clinic.objects.get()
    membership = clinic.memberships.get()
    assert str(clinic.pk) in said
    assert (clinic.name, clinic.contact) == ("Hillside Scans", "01632 960000")
    assert (membership.roles, membership.user.email) == (Role.ADMINISTRATOR, "ada@example.org")
    assert PASSWORD not in said


def test_pictures_can_be_branded_at_once(password_file: Path) -> None:
    run(password_file, name="A clinic with a name that is longer than a strip is wide enough for")
    brand = current_brand(Clinic.objects.get())
    assert (brand.version, brand.logo_id) == (1, None)
    assert len(brand.name) <= 60


def test_the_administrator_signs_in(password_file: Path, client: Client) -> None:
    run(password_file)
    answer = client.post("/sign-in/", {"email": "Ada@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/set-up/"
    client.force_login(User.objects.get())
    assert client.get("/desk/audit/").status_code == 200


def test_the_trail_knows(password_file: Path) -> None:
    run(password_file)
    entries = Entry.objects.order_by("seq")
    assert [entry.event for entry in entries] == [Event.BRAND_PUBLISHED, Event.MEMBER_ADDED]
    assert {entry.actor for entry in entries} == {"system:setup"}


@pytest.mark.parametrize("changes", [{"name": " "}, {"contact": "  "}, {"contact": "0" * 201}, {"email": "nobody"}])
@pytest.mark.requirement("R15")
def test_what_is_missing_or_wrong_is_named(password_file: Path, changes: dict[str, str]) -> None:
    with pytest.raises(CommandError, match=next(iter(changes))):
        run(password_file, **changes)
    assert not Clinic.objects.exists()


@pytest.mark.requirement("R38")
def test_a_weak_password_leaves_nothing(password_file: Path) -> None:
    password_file.write_text("short")
    with pytest.raises(CommandError, match="too short"):
        run(password_file)
    assert not Clinic.objects.exists()
    assert not User.objects.exists()
    assert not Entry.objects.exists()


def test_one_clinic_is_not_opened_twice(password_file: Path) -> None:
    make_clinic("Hillside Scans")
    with pytest.raises(CommandError, match="add_member"):
        run(password_file, name="hillside scans")
    assert Clinic.objects.count() == 1


def test_a_person_of_another_clinic_is_refused(password_file: Path) -> None:
    make_user(email="ada@example.org")
    with pytest.raises(CommandError, match="use add_member"):
        run(password_file, email="ADA@example.org")
    assert not Clinic.objects.exists()


def test_the_id_leads_to_add_member(password_file: Path) -> None:
    said = run(password_file)
    assert uuid.UUID(said.split()[-1]) == Clinic.objects.get().pk
