"""Slows down guessing of passwords: a rolling window per user and address, which locks nobody out for good.

A refused try while the window is full is not counted, and another address is not affected: an outsider cannot
keep a known user out.
"""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from ultrasound_portal.clinics.models import SignInFailure
from ultrasound_portal.vault.keyring import match_value

WINDOW = timedelta(minutes=15)
TRIES_PER_USER = 5
TRIES_PER_ADDRESS = 50
WRONG_CODES = 5
SCOPE = "clinics.sign_in"


def is_open(email: str, address: str) -> bool:
    """Say whether this user may try from this address now."""
    recent = SignInFailure.objects.filter(failed_at__gt=timezone.now() - WINDOW)
    if recent.filter(key=_pair(email, address)).count() >= TRIES_PER_USER:
        return False
    return recent.filter(key=_address(address)).count() < TRIES_PER_ADDRESS


def note_failure(email: str, address: str) -> None:
    """Count a wrong password and forget what has left the window."""
    now = timezone.now()
    SignInFailure.objects.filter(failed_at__lte=now - WINDOW).delete()
    SignInFailure.objects.bulk_create(
        [SignInFailure(key=key, failed_at=now) for key in (_pair(email, address), _address(address))]
    )


def forget(email: str, address: str) -> None:
    """Forget the failures of a user who has signed in."""
    SignInFailure.objects.filter(key=_pair(email, address)).delete()


def is_open_for_codes(user: UUID) -> bool:
    """Say whether this user may try a code now, from any address: whoever gets here knows the password.

    Five tries in a quarter of an hour, three codes of a million being good, are right once in two years on average.
    """
    recent = SignInFailure.objects.filter(failed_at__gt=timezone.now() - WINDOW, key=_codes(user))
    return recent.count() < WRONG_CODES


def note_wrong_code(user: UUID) -> None:
    """Count a wrong code."""
    SignInFailure.objects.create(key=_codes(user), failed_at=timezone.now())


def forget_codes(user: UUID) -> None:
    """Forget the wrong codes of a user who has signed in."""
    SignInFailure.objects.filter(key=_codes(user)).delete()


def _codes(user: UUID) -> str:
    return match_value(f"codes|{user}", scope=SCOPE)


def _pair(email: str, address: str) -> str:
    return match_value(f"pair|{email.strip().lower()}|{address}", scope=SCOPE)


def _address(address: str) -> str:
    return match_value(f"address|{address}", scope=SCOPE)
