"""The visitor's session, apart from staff sessions, and the one page that every closed door shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sharing import access
from sharing.access import Viewing
from sharing.errors import LinkClosed
from sharing.models.opening import ABSOLUTE
from ultrasound_portal.languages import speak


@dataclass(frozen=True, slots=True)
class Pass:
    """The cookie of one kind of visit, and the addresses that it goes back to."""

    cookie: str
    path: str


@dataclass(frozen=True, slots=True)
class Door:
    """The names of a door's pages: where it is shown, where the secrets go, and where a code is asked for."""

    page: str
    open: str
    code: str


VISIT = Pass("visit", "/v/")
LINKS = Door("sharing:entry", "sharing:open", "sharing:code")

P = ParamSpec("P")


class VisitRequest(HttpRequest):
    """A request of a visitor who has opened a link, as a view behind `session_required` gets it."""

    visit: Viewing


def session_required(
    view: Callable[Concatenate[VisitRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to visitors whose visit still runs; everything else meets the closed page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        visitor: Any = request  # Any: the request becomes a VisitRequest here
        try:
            visitor.visit = access.viewing(request.COOKIES.get(VISIT.cookie, ""))
            speak(visitor.visit.link.patient.language)
            return view(visitor, *args, **kwargs)
        except LinkClosed:
            return closed_page(request)

    guarded.access_rule = "open link"  # type: ignore[attr-defined]  # read by the house test that walks all URLs
    return guarded


def hers_required(
    view: Callable[Concatenate[VisitRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to the patient behind her own link; a guest meets the closed page."""

    @session_required
    @wraps(view)
    def guarded(request: VisitRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        access.check_hers(request.visit)
        return view(request, *args, **kwargs)

    return guarded


def closed_page(request: HttpRequest, again: Mapping[str, str] | None = None, door: Door = LINKS) -> HttpResponse:
    """Answer alike for unknown, wrong, early, late, revoked, withdrawn and held, and name no clinic.

    `again` is what a visitor gave at the door, `secret` and `asked`: she need not look for her link a second time.
    `door` is where to try again.
    """
    return render(request, "sharing/patient/closed.html", {"again": again, "door": door}, status=404)


def is_from_here(request: HttpRequest) -> bool:
    """Whether a browser says that a request comes from these pages or was typed; old browsers say nothing."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def begin(response: HttpResponseBase, session: str, *, kind: Pass = VISIT) -> None:
    """Give the visitor the cookie of this visit; it goes back to the patient pages only, and never across sites."""
    response.set_cookie(
        kind.cookie,
        session,
        max_age=int(ABSOLUTE.total_seconds()),
        path=kind.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def end(response: HttpResponseBase, *, kind: Pass = VISIT) -> None:
    """Take the cookie back and have the browser forget what it kept of the pictures (ASVS 5.0, 14.3.1)."""
    response.delete_cookie(kind.cookie, path=kind.path, samesite="Strict")
    response["Clear-Site-Data"] = '"cache", "storage"'


def left(request: HttpRequest, *, kind: Pass = VISIT) -> HttpResponse:
    """End the visit in the browser and go on to a page that tells nothing."""
    response = render(request, "sharing/patient/left.html")
    end(response, kind=kind)
    if settings.LEAVE_TO:
        response["Refresh"] = f"0; url={settings.LEAVE_TO}"
    return response
