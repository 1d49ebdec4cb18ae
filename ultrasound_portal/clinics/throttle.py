"""Slows down guessing: django-axes counts the wrong tries, by keyed digests and for a quarter of an hour.

A try that is refused because there were too many is not counted, and another address is not affected: nobody is locked
out for good, and an outsider cannot keep a known user out (docs/decisions/0023).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from uuid import UUID

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from ultrasound_portal.vault.keyring import match_value

SCOPE = "clinics.sign_in"
EVERYWHERE = "everywhere"
MINUTE = timedelta(minutes=1)


class Try(HttpRequest):
    """All that axes is told of a try: digests of who and where, the latter in the shape of an address."""

    def __init__(self, who: str, where: str) -> None:
        super().__init__()
        self.who = _digest(f"who|{who}")
        self.META["REMOTE_ADDR"] = str(IPv6Address(bytes.fromhex(_digest(f"where|{where}"))[:16]))
        AxesProxyHandler.update_request(self)

    @property
    def is_open(self) -> bool:
        """Say whether it may be made now."""
        return bool(AxesProxyHandler.is_allowed(self))

    @property
    def was_last(self) -> bool:
        """Say whether it was counted and is the last one for a while."""
        return bool(getattr(self, "axes_locked_out", False))

    def count(self) -> None:
        """Count it as a wrong one; Django's own `authenticate` does so by itself."""
        user_login_failed.send(__name__, credentials={}, request=self)

    def forget(self) -> None:
        """Forget the wrong tries of a user who was right; those of others at her address stay."""
        AxesProxyHandler.reset_attempts(username=self.who, ip_address=self.META["REMOTE_ADDR"])

    def wait(self, why: str = "Too many wrong tries.") -> str:
        """Say in how many minutes, rounded up, the next try is heard."""
        minutes = self._minutes_left()
        return f"{why} You can try again in {minutes} minute{'' if minutes == 1 else 's'}."

    def _minutes_left(self) -> int:
        pair, address = AxesProxyHandler.get_implementation().get_user_attempts(self)
        limit = settings.AXES_FAILURE_LIMIT
        opens_at = max(_opens_at(pair, limit), _opens_at(address, limit * settings.TRIES_AT_AN_ADDRESS_WEIGH))
        return max(1, -((timezone.now() - opens_at) // MINUTE))


def by_password(request: HttpRequest, email: str) -> Try:
    """Return a try at the password of an account, from the visitor's address."""
    return Try(f"password|{email.strip().lower()}", _address(request))


def by_passkey(request: HttpRequest) -> Try:
    """Return a try at a passkey, which tells only afterwards whose it is."""
    return Try("passkey", _address(request))


def by_code(user: UUID) -> Try:
    """Return a try at the code of an account, from any address: whoever gets here knows the password.

    Five tries in a quarter of an hour, three codes of a million being good, are right once in two years on average.
    """
    return Try(f"code|{user}", f"{EVERYWHERE}|{user}")


def by_reset(request: HttpRequest, email: str) -> Try:
    """Return a wish for a new password, from the visitor's address; these are counted apart from sign-ins."""
    return Try(f"reset|{email.strip().lower()}", f"reset|{_address(request)}")


def clear() -> None:
    """Remove the tries that count for nothing any more."""
    AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - settings.AXES_COOLOFF_TIME).delete()


def _opens_at(attempts: Iterable[AccessAttempt], limit: int) -> datetime:
    """Return when so many of the attempts have lapsed that fewer than the limit are left."""
    counted = 0
    for attempt in sorted(attempts, key=lambda one: one.attempt_time, reverse=True):
        counted += attempt.failures_since_start
        if counted >= limit:
            lapses_at: datetime = attempt.attempt_time + settings.AXES_COOLOFF_TIME
            return lapses_at
    return timezone.now()


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _digest(text: str) -> str:
    return match_value(text, scope=SCOPE)
