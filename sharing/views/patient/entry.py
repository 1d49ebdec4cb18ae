"""The door: a page that is the same for everybody, the opening with two secrets, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sharing import door, own_sitting
from sharing.views.patient import doors, session
from sharing.views.patient.doors import Way
from ultrasound_portal.clinics.access import public

WAY = Way(session.LINKS, session.VISIT, "sharing:pictures")


@public
@require_safe
def entry(request: HttpRequest) -> HttpResponse:
    """Show the door. It knows nothing and changes nothing: chat programs fetch addresses before people do."""
    return render(request, "sharing/patient/entry.html")


@public
@csrf_exempt
def open_(request: HttpRequest) -> HttpResponseBase:
    """Open a link with its two secrets."""
    return doors.come_in(request, WAY, door.open_link)


@public
@csrf_exempt
def code(request: HttpRequest) -> HttpResponse:
    """Have a one-time code sent, if the link sends codes."""
    return doors.ask_for_code(request, WAY, door.ask_for_code)


@public
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit, if there is one, have the browser forget it, and go on to a page that tells nothing.

    It works from every page, with a visit or without, so its form carries no token; another site's request is turned
    away, and would come without the visit's cookie.
    """
    if session.is_from_here(request):
        own_sitting.leave(request.COOKIES.get(session.VISIT.cookie, ""))
    return session.left(request)
