"""How every door is met: two secrets in one form, a code that is sent when asked for, and one closed page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from sharing.errors import LinkClosed
from sharing.forms import AskForm, DoorForm
from sharing.pacing import AtABeat
from sharing.views.patient import session
from sharing.views.patient.session import Door, Pass


class Opens(Protocol):
    """Opens a door with its two secrets and returns the session value; raises LinkClosed."""

    def __call__(self, *, secret: str, code: str, address: str, asked: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Way:
    """A door with what lies behind it: the pass of the visit, and the name of the page that it leads to."""

    door: Door
    kind: Pass
    goal: str


def come_in(request: HttpRequest, way: Way, opens: Opens) -> HttpResponseBase:
    """Go through a door with its two secrets.

    A token against forged requests would need state on the door's page; the two secrets say as much, and a request
    that a browser marks as coming from another site is turned away.
    """
    if request.method != "POST":
        return redirect(way.door.page)
    form = DoorForm(request.POST)
    complete = form.is_valid() and session.is_from_here(request)
    said = form.cleaned_data if complete else {"secret": "", "code": "", "asked": ""}
    with AtABeat():
        try:
            value = opens(**said, address=request.META.get("REMOTE_ADDR", ""))
        except LinkClosed:
            return session.closed_page(request, again=said if complete else None, door=way.door)
    response = redirect(way.goal)
    session.begin(response, value, kind=way.kind)
    return response


def ask_for_code(request: HttpRequest, way: Way, asks: Callable[..., str]) -> HttpResponse:
    """Have a one-time code sent, if this door sends codes; the answer is alike whether it does, exists or is over."""
    if request.method != "POST":
        return redirect(way.door.page)
    form = AskForm(request.POST)
    secret = form.cleaned_data["secret"] if form.is_valid() and session.is_from_here(request) else ""
    with AtABeat():
        asked = asks(secret=secret, address=request.META.get("REMOTE_ADDR", ""))
    context = {"secret": secret, "asked": asked, "door": way.door}
    return render(request, "sharing/patient/code.html", context)
