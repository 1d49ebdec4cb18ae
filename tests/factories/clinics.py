"""Invented clinics and staff."""

from itertools import count

from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member, create_clinic, create_user

PASSWORD = "a quiet river at dusk"
_numbers = count(1)


def make_clinic(name: str = "Hillside Scans", contact: str = "01632 960000") -> Clinic:
    """Return a clinic with its first brand."""
    return create_clinic(name, contact)


def make_user(display_name: str = "Ada Marsh", email: str = "") -> User:
    """Return a user who works nowhere yet; the password is PASSWORD."""
    return create_user(email or f"person{next(_numbers)}@example.org", display_name, PASSWORD)


def make_staff(clinic: Clinic | None = None, role: Role = Role.CLINICIAN, email: str = "") -> User:
    """Return a user with a role in a clinic."""
    return make_member(clinic, role, email).user


def make_member(clinic: Clinic | None = None, role: Role = Role.CLINICIAN, email: str = "") -> Membership:
    """Return a membership, with its user and clinic."""
    return add_member(make_user(email=email), clinic or make_clinic(), role, None)
