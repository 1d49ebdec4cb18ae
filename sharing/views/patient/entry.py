"""The door: a page that is the same for everybody, the opening with two secrets, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from sharing import access, door
from sharing.errors import LinkClosed
from sharing.forms import AskForm, DoorForm
from sharing.pacing import AtABeat
from sharing.views.patient import session
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
    complete = form.is_valid() and session.is_from_here(request)
    said = form.cleaned_data if complete else {"secret": "", "code": "", "asked": ""}
    with AtABeat():
        try:
            value = door.open_link(**said, address=request.META.get("REMOTE_ADDR", ""))
        except LinkClosed:
            return session.closed_page(request, again=said if complete else None)
    response = redirect("sharing:pictures")
    session.begin(response, value)
    return response


@public
@csrf_exempt
def code(request: HttpRequest) -> HttpResponseBase:
    """Have a one-time code sent, if the link sends codes; the answer is the same whether it does, exists or is over."""
    if request.method != "POST":
        return redirect("sharing:entry")
    form = AskForm(request.POST)
    secret = form.cleaned_data["secret"] if form.is_valid() and session.is_from_here(request) else ""
    with AtABeat():
        asked = door.ask_for_code(secret=secret, address=request.META.get("REMOTE_ADDR", ""))
    return render(request, "sharing/patient/code.html", {"secret": secret, "asked": asked})


@public
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit, if there is one, have the browser forget it, and go on to a page that tells nothing.

    It works from every page, with a visit or without, so its form carries no token; another site's request is turned
    away, and would come without the visit's cookie.
    """
    if session.is_from_here(request):
        access.leave(request.COOKIES.get(session.VISIT.cookie, ""))
    return session.left(request)
