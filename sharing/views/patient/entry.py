"""The door: a page that is the same for everybody, the opening with two secrets, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sharing import access
from sharing.errors import LinkClosed
from sharing.forms import DoorForm
from sharing.views.patient import session
from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.clinics.access import public


@public
@require_safe
def entry(request: HttpRequest) -> HttpResponse:
    """Show the door. It knows nothing and changes nothing: chat programs fetch addresses before people do."""
    return render(request, "sharing/patient/entry.html")


@public
@csrf_exempt
def open_(request: HttpRequest) -> HttpResponseBase:
    """Open a link with its two secrets.

    A token against forged requests would need state on the door's page; the two secrets say as much, and a request
    that a browser marks as coming from another site is turned away.
    """
    if request.method != "POST":
        return redirect("sharing:entry")
    form = DoorForm(request.POST)
    complete = form.is_valid() and request.headers.get("Sec-Fetch-Site", "same-origin") in {
        "same-origin",
        "none",
    }
    try:
        value = access.open_link(
            secret=form.cleaned_data["secret"] if complete else "",
            code=form.cleaned_data["code"] if complete else "",
            address=request.META.get("REMOTE_ADDR", ""),
        )
    except LinkClosed:
        return session.closed_page(request)
    response = redirect("sharing:pictures")
    session.begin(response, value)
    return response


@session_required
@require_POST
def leave(request: VisitRequest) -> HttpResponse:
    """End the visit and have the browser forget it."""
    access.leave(request.visit)
    response = render(request, "sharing/patient/left.html")
    session.end(response)
    return response
