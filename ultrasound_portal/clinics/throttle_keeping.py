"""How django-axes keeps wrong tries: only what `throttle.Try` tells, and with a wider limit for an address."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

from ultrasound_portal.clinics.throttle import Try


class Keeping(AxesDatabaseHandler):
    """Axes' own handler over its tables, kept from every request that carries more than digests."""

    def user_login_failed(self, sender: object, credentials: dict[str, Any], request: object = None, **_: Any) -> None:
        """Count a wrong try; raises TypeError for a request that would leave names or addresses in the tables."""
        if not isinstance(request, Try):
            raise TypeError("a wrong try is counted as a Try, never as the request itself")
        super().user_login_failed(sender, credentials, request)

    def user_logged_in(self, *_: object, **__: object) -> None:
        """Keep nothing of those who are right; the audit trail has them."""

    def user_logged_out(self, *_: object, **__: object) -> None:
        """Keep nothing here either."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return how near the try is to AXES_FAILURE_LIMIT: by user with address, or by address with less weight."""
        pair, address = (
            attempts.aggregate(tries=Sum("failures_since_start", default=0))["tries"]
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(int(pair), int(address) // settings.TRIES_AT_AN_ADDRESS_WEIGH)


def who(request: object, _credentials: object) -> str:
    """Return the digest that stands for the user."""
    return request.who if isinstance(request, Try) else ""


def visitor(*_: object) -> str:
    """Return what the log calls whoever tried."""
    return "a visitor"
