"""Who may open which page: every view is `public`, `entering`, `signed_in` or `requires` a capability."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import urlencode

from ultrasound_portal.clinics import break_glass, proofs, sign_ins
from ultrasound_portal.clinics import entering as halfway
from ultrasound_portal.clinics.models import Clinic, Membership, SignIn, User
from ultrasound_portal.clinics.rights import by_role, can
from ultrasound_portal.clinics.roles import Capability
from ultrasound_portal.clinics.workplace import chosen_of, membership_of, memberships_of

__all__ = [
    "Capability",
    "EnteringRequest",
    "StaffRequest",
    "actor_of",
    "can",
    "entering",
    "in_clinic_or_404",
    "membership_of",
    "public",
    "requires",
    "signed_in",
]

TOO_LATE = "You were signed out before this arrived, so nothing was recorded. Sign in, then do it again."
ENTER_AGAIN = "That took more than ten minutes. Start again."

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
Answer = HttpResponseBase


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff, as a view behind `requires` gets it."""

    user: User
    clinic: Clinic
    membership: Membership
    memberships: list[Membership]
    sign_in: SignIn


class EnteringRequest(HttpRequest):
    """A request of somebody who gave the right password and no second factor yet."""

    person: User


StaffView = Callable[Concatenate[StaffRequest, P], Answer]
View = Callable[Concatenate[HttpRequest, P], Answer]


def requires(
    *capabilities: Capability,
    proved_within: timedelta | None = None,
    even_to_read: bool = False,
    while_locked: bool = False,
) -> Callable[[StaffView[P]], View[P]]:
    """Open a view to staff who hold one of the capabilities.

    Strangers are sent to sign in, and told if what they sent came too late. Staff without any of them see a 403 page.
    With `proved_within` whoever sends a form, or reads where `even_to_read`, must have shown a password or passkey
    lately. A locked desk is asked to be opened, unless `while_locked`: an upload goes on behind the lock.
    """
    return _guard(capabilities, _Rule(proved_within, even_to_read=even_to_read, while_locked=while_locked))


def signed_in(
    *, proved_within: timedelta | None = None, even_to_read: bool = False, while_locked: bool = False
) -> Callable[[StaffView[P]], View[P]]:
    """Open a view to everybody who is signed in, whatever the role: the own account, the lock, the choice of clinic."""
    return _guard((), _Rule(proved_within, even_to_read=even_to_read, while_locked=while_locked))


def entering(view: Callable[Concatenate[EnteringRequest, P], Answer]) -> View[P]:
    """Open a view to whoever gave the right password and has yet to show or set up a second factor."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        person = halfway.person(request)
        if person is None:
            messages.warning(request, ENTER_AGAIN)
            return redirect("clinics:sign_in")
        half: Any = request  # Any: the request becomes an EnteringRequest here
        half.person = person
        return view(half, *args, **kwargs)

    update_wrapper(guarded, view)
    guarded.access_rule = "entering"  # type: ignore[attr-defined]  # read by the house test of all URLs
    return guarded


def public(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Mark a view as open to everybody."""
    view.access_rule = "public"  # type: ignore[attr-defined]  # read by the house test of all URLs
    return view


def in_clinic_or_404(model: type[M], request: StaffRequest, pk: UUID) -> M:
    """Return the clinic's own object; another clinic's is as absent as one that never was."""
    return get_object_or_404(model, pk=pk, clinic=request.clinic)


def actor_of(request: StaffRequest) -> str:
    """Return how the trail names the person."""
    return f"user:{request.user.pk}"


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a view asks beside the role."""

    proved_within: timedelta | None
    even_to_read: bool
    while_locked: bool

    def wants_proof(self, request: HttpRequest, row: SignIn) -> bool:
        """Say whether the last proof is too long ago for what is asked."""
        if self.proved_within is None or (request.method != "POST" and not self.even_to_read):
            return False
        return not sign_ins.is_proved(row, self.proved_within)


def _guard(capabilities: tuple[Capability, ...], rule: _Rule) -> Callable[[StaffView[P]], View[P]]:
    def decorate(view: StaffView[P]) -> View[P]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            row = sign_ins.living(request)
            if row is None:
                return _stranger(request)
            if not rule.while_locked and (stopped := _stopped(request, row, rule)):
                return stopped
            memberships = memberships_of(request)
            membership = chosen_of(memberships, request)
            if capabilities and (membership is None or not any(can(membership, one) for one in capabilities)):
                return _forbidden(request, membership, capabilities)
            if membership and capabilities and not any(by_role(membership, one) for one in capabilities):
                match = request.resolver_match
                break_glass.note_use(membership, capabilities, match.view_name if match else "")
            staff: Any = request  # Any: the request becomes a StaffRequest here
            staff.sign_in, staff.membership, staff.memberships = row, membership, memberships
            staff.clinic = membership.clinic if membership else None
            sign_ins.note_contact(row, request)
            return view(staff, *args, **kwargs)

        update_wrapper(guarded, view)
        guarded.access_rule = " or ".join(capabilities) or "signed_in"  # type: ignore[attr-defined]  # read by the house test of all URLs
        return guarded

    return decorate


def _stranger(request: HttpRequest) -> Answer:
    """Send to sign in; a session whose row is gone ends here."""
    if request.user.is_authenticated:
        logout(request)
    return redirect_to_login(_way_back(request))


def _forbidden(request: HttpRequest, membership: Membership | None, capabilities: tuple[Capability, ...]) -> Answer:
    """Say that the roles do not include the page, and how it is opened in need where it can be."""
    reach = membership is not None and any(break_glass.within_reach(membership, one) for one in capabilities)
    roles = membership.says if membership else "a member of no clinic"
    return render(request, "clinics/forbidden.html", {"breakable": reach, "roles": roles}, status=403)


def _stopped(request: HttpRequest, row: SignIn, rule: _Rule) -> Answer | None:
    """Return the page that asks for a proof where one is wanted, or nothing where the person may go on."""
    locked = sign_ins.is_locked(row)
    if not locked and not rule.wants_proof(request, row):
        return None
    if sign_ins.is_by_script(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "desk-locked"}) if locked else HttpResponse(status=403)
    if request.method != "POST":
        return redirect(f"{resolve_url('clinics:locked')}?{urlencode({'next': request.get_full_path()})}")
    fault = proofs.take(request, row) if proofs.shown(request) else ""
    if proofs.shown(request) and not fault:
        return None
    return proofs.ask(request, why=proofs.LOCKED if locked else proofs.AGAIN, fault=fault)


def _way_back(request: HttpRequest) -> str:
    """Return where to go after signing in: the page asked for, or the page whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    messages.warning(request, TOO_LATE)
    return urlsplit(request.headers.get("Referer", "")).path or resolve_url("clinics:home")
