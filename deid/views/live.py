"""Live parts of a page: a short mark of what is shown, so that an unchanged part is answered with nothing."""

import hashlib

from django.http import HttpRequest

MARK = "mark"


def fingerprint(*parts: str) -> str:
    """Return a short digest of what a part shows."""
    return hashlib.blake2s("|".join(parts).encode(), digest_size=8).hexdigest()


def unchanged(request: HttpRequest, mark: str) -> bool:
    """Say whether the script already shows this state of the part."""
    return "HX-Request" in request.headers and request.GET.get(MARK) == mark
