"""Headers of every answer, so that browsers neither keep, embed nor pass on what they were shown."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(self), camera=(), display-capture=(), fullscreen=(self), "
        "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
        "web-share=(self)"
    ),
}

WITH_CAMERA = ALWAYS["Permissions-Policy"].replace("camera=()", "camera=(self)")
"""The policy of a page on which a printed card can be scanned."""


class PrivacyHeaders:
    """Adds the headers above, and `no-store` to all but static files; a view's own header stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers set."""
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
