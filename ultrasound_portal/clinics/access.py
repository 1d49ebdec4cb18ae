"""Who may open which page: every view is either `public` or `requires` a capability."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render, resolve_url

from ultrasound_portal.clinics.models import Clinic, Membership, User
from ultrasound_portal.clinics.roles import CAPABILITIES, Capability

__all__ = [
    "Capability",
    "StaffRequest",
    "actor_of",
    "can",
    "in_clinic_or_404",
    "membership_of",
    "public",
    "requires",
]

CHOSEN = "clinic_id"
"""Where the session keeps the clinic a person works for at the moment."""

TOO_LATE = "You were signed out before this arrived, so nothing was recorded. Sign in, then do it again."

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
Answer = HttpResponseBase


class StaffRequest(HttpRequest):
    """A request of a signed-in member of staff, as a view behind `requires` gets it."""

    user: User
    clinic: Clinic
    membership: Membership


def requires(
    capability: Capability,
) -> Callable[[Callable[Concatenate[StaffRequest, P], Answer]], Callable[Concatenate[HttpRequest, P], Answer]]:
    """Open a view to staff whose role has the capability.

    Strangers are sent to sign in, and told if what they sent came too late.
    Staff without the capability see a 403 page.
    """

    def decorate(
        view: Callable[Concatenate[StaffRequest, P], Answer],
    ) -> Callable[Concatenate[HttpRequest, P], Answer]:
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            if not request.user.is_authenticated:
                return redirect_to_login(_way_back(request))
            membership = membership_of(request)
            if membership is None or not can(membership, capability):
                return render(request, "clinics/forbidden.html", status=403)
            staff: Any = request  # Any: the request becomes a StaffRequest here
            staff.clinic, staff.membership = membership.clinic, membership
            return view(staff, *args, **kwargs)

        update_wrapper(guarded, view)
        guarded.access_rule = capability  # type: ignore[attr-defined]  # read by the house test of all URLs
        return guarded

    return decorate


def _way_back(request: HttpRequest) -> str:
    """Return where to go after signing in: the page asked for, or the page whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    messages.warning(request, TOO_LATE)
    return urlsplit(request.headers.get("Referer", "")).path or resolve_url("clinics:home")


def public(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Mark a view as open to everybody."""
    view.access_rule = "public"  # type: ignore[attr-defined]  # read by the house test of all URLs
    return view


def membership_of(request: HttpRequest) -> Membership | None:
    """Return the membership a person works under: of the clinic the session keeps, or else the first."""
    if not isinstance(request.user, User):
        return None
    memberships = list(request.user.memberships.select_related("clinic", "user").order_by("created_at", "id"))
    chosen = [one for one in memberships if str(one.clinic_id) == request.session.get(CHOSEN)]
    return next(iter(chosen or memberships), None)


def can(membership: Membership, capability: Capability) -> bool:
    """Say whether the membership's role has the capability."""
    return capability in CAPABILITIES.get(membership.role, frozenset())


def in_clinic_or_404(model: type[M], request: StaffRequest, pk: UUID) -> M:
    """Return the clinic's own object; another clinic's is as absent as one that never was."""
    return get_object_or_404(model, pk=pk, clinic=request.clinic)


def actor_of(request: StaffRequest) -> str:
    """Return how the trail names the person."""
    return f"user:{request.user.pk}"
