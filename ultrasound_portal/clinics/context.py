"""What the head of every staff page shows: the clinic, the person, and the places she may go to."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from ultrasound_portal.clinics import break_glass
from ultrasound_portal.clinics.models import Membership
from ultrasound_portal.clinics.rights import by_role, rights_of
from ultrasound_portal.clinics.roles import Capability
from ultrasound_portal.clinics.workplace import chosen_of, memberships_of

HOME_OF_PEOPLE = "clinics:people"
PLACES: tuple[tuple[str, dict[Capability, str], frozenset[str]], ...] = (
    (
        "Worklist",
        {Capability.REVIEW: "deid:worklist"},
        frozenset(
            {
                "deid:study",
                "deid:review",
                "deid:cover",
                "deid:proof",
                "sharing:ceremony",
                "sharing:recorded",
                "sharing:copy",
                "sharing:links",
                "sharing:link_new",
                "sharing:link_created",
                "sharing:incident_new",
                "sharing:code_reissue",
                "sharing:patient_revoke",
            }
        ),
    ),
    ("Upload", {Capability.UPLOAD: "deid:upload"}, frozenset({"deid:upload_rows"})),
    (
        "Consents",
        {Capability.LEDGER: "consent:ledger"},
        frozenset(
            {
                "consent:grant",
                "consent:withdraw",
                "consent:sign",
                "consent:suspend",
                "consent:correct",
                "consent:standing",
                "consent:patient",
                "consent:picture",
                "consent:settings",
                "consent:words",
            }
        ),
    ),
    (
        "Links",
        {Capability.SHARE: "sharing:attention", Capability.POLICY: "sharing:limits"},
        frozenset({"sharing:limits"}),
    ),
    (
        "Handbook",
        dict.fromkeys((Capability.REVIEW, Capability.POLICY), "handbook:handbook"),
        frozenset({"handbook:publish"}),
    ),
    ("Incidents", {Capability.AUDIT: "sharing:incidents"}, frozenset({"sharing:incident", "sharing:incident_close"})),
    ("Audit", {Capability.AUDIT: "clinics:audit"}, frozenset({"clinics:usage"})),
    ("People", {Capability.PEOPLE: HOME_OF_PEOPLE}, frozenset({"clinics:member"})),
    ("Brand", {Capability.BRAND: "clinics:brand"}, frozenset()),
    ("Cleaning", {Capability.POLICY: "deid:policy"}, frozenset()),
    ("Rules", {Capability.POLICY: "deid:rules"}, frozenset()),
    ("Keeping", {Capability.RETENTION: "deid:retention"}, frozenset()),
)
"""Label, the route that each right opens, the widest first, and the routes that lie below it."""


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One place; `current` is `page` on it, `true` on a page below it, else empty (as WAI-ARIA has it)."""

    label: str
    url: str
    current: str


def desk(request: HttpRequest) -> dict[str, object]:
    """Return what the head of a staff page and its lock need; strangers get none of it."""
    memberships = _memberships(request)
    membership = chosen_of(memberships, request) if memberships else None
    if membership is None:
        return {"desk_clinic": None, "desk_user_name": "", "desk_entries": (), "desk_rights": frozenset()}
    match, rights = request.resolver_match, rights_of(membership)
    route = match.view_name if match else ""
    return {
        "desk_clinic": membership.clinic,
        "desk_user_name": membership.user.display_name,
        "desk_alarm": route != HOME_OF_PEOPLE and _alarm(membership),
        "desk_workplaces": memberships if len(memberships) > 1 else (),
        "desk_lock_seconds": int(settings.PORTAL_LOCK.total_seconds()),
        "desk_unlock_address": reverse("clinics:locked"),
        "desk_entries": entries_for(rights, route=route),
        "desk_rights": rights,
    }


def entries_for(rights: frozenset[Capability], *, route: str) -> tuple[NavigationEntry, ...]:
    """Return the places that somebody may go to, with the one marked that the route is or lies below."""
    return tuple(
        NavigationEntry(
            label=label,
            url=reverse(open_to_her[0]),
            current="page" if route == open_to_her[0] else "true" if route in below else "",
        )
        for label, doors, below in PLACES
        if (open_to_her := [name for right, name in doors.items() if right in rights])
    )


def _memberships(request: HttpRequest) -> list[Membership]:
    """Return what `requires` found, or look it up on a page open to all."""
    found = getattr(request, "memberships", None)
    if isinstance(found, list):
        return found
    return memberships_of(request) if hasattr(request, "user") else []


def _alarm(membership: Membership) -> bool:
    """Say whether an administrator has yet to note that somebody opened more than her roles allow."""
    return by_role(membership, Capability.PEOPLE) and break_glass.unseen(membership.clinic).exists()
