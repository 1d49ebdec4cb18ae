"""Where the demo's people may come in with a password that everybody can read in the guide."""

from django.conf import settings
from django.http import HttpRequest

from ultrasound_portal.env import is_loopback


def is_open(request: HttpRequest) -> bool:
    """Say whether this is a demo that listens on this machine only, asked from this machine."""
    return settings.DEMO and is_loopback(settings.PORTAL_BIND) and is_loopback(request.META.get("REMOTE_ADDR", ""))
