"""Invented clinics and staff."""

import time
from collections.abc import Iterable
from itertools import count

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from ultrasound_portal.clinics import second_factors
from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import Role
from ultrasound_portal.clinics.services import add_member, create_clinic, create_user

PASSWORD = "a quiet river at dusk"
EVERY_RIGHT = (Role.CLINICIAN, Role.ADMINISTRATOR)
_numbers = count(1)


def make_clinic(name: str = "Hillside Scans", contact: str = "01632 960000") -> Clinic:
    """Return a clinic with its first brand."""
    return create_clinic(name, contact)


def make_user(display_name: str = "Ada Marsh", email: str = "") -> User:
    """Return a user who works nowhere yet; the password is PASSWORD."""
    return create_user(email or f"person{next(_numbers)}@example.org", display_name, PASSWORD)


def make_staff(clinic: Clinic | None = None, role: Role | Iterable[Role] = Role.CLINICIAN, email: str = "") -> User:
    """Return a user with one role or several in a clinic."""
    return make_member(clinic, role, email).user


def make_member(
    clinic: Clinic | None = None, role: Role | Iterable[Role] = Role.CLINICIAN, email: str = ""
) -> Membership:
    """Return a membership, with its user and clinic."""
    return add_member(make_user(email=email), clinic or make_clinic(), role, None)


def give_code_app(user: User) -> str:
    """Give the user a code app and return its secret; none of its codes is used yet."""
    secret = second_factors.fresh_secret()
    Authenticator.objects.create(user=user, type="totp", data={"secret": secret, "last_counter": 0})
    return secret


def code_of(secret: str, *, steps: int = 0) -> str:
    """Return what the app shows now, or so many steps of 30 seconds later."""
    counter = int(time.time()) // 30 + steps
    return totp.format_hotp_value(totp.hotp_value(get_adapter().decrypt(secret), counter))
