"""The pages for what went wrong; they say what to do next and nothing about why."""

import errno
import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import loader

from ultrasound_portal.vault.errors import KeyUnavailable, StoreUnavailable

logger = logging.getLogger(__name__)

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class FailClosed:
    """Answers 503 when database or store cannot be written: an act that cannot be recorded is not done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a database that is away, locked or full, and a store that is full, into the page that says so."""
        return unavailable(request) if _passes(exception) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a request that makes no sense."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a request that this person may not make, or one whose form is too old to be trusted."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer for what is not there, or not for this person."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the portal itself failed; without context, since the database may be what failed.

    A database that is away is met here too, where a middleware was the first to ask it.
    """
    if _passes(sys.exception()):
        return unavailable(request)
    return HttpResponse(loader.render_to_string("500.html"), status=500)


def unavailable(_request: HttpRequest) -> HttpResponse:
    """Answer when an act could not be put on the trail and is therefore not done."""
    return HttpResponse(loader.render_to_string("503.html"), status=503)


def _passes(fault: BaseException | None) -> bool:
    """Say whether a fault is one of database, store or keys that an operator mends, and log which."""
    if isinstance(fault, OperationalError | InterfaceError):
        logger.error("the database could not be used (%s)", type(fault).__name__)
        return True
    if isinstance(fault, KeyUnavailable | StoreUnavailable):
        logger.error("a key or the object store is away (%s)", type(fault).__name__)
        return True
    if isinstance(fault, OSError) and fault.errno in NO_ROOM:
        logger.error("the store could not be written (%s)", errno.errorcode[fault.errno])
        return True
    return False
