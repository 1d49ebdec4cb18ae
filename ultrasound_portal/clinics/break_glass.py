"""Opens for an hour what a role may not: for a reason of a closed list, told to administrators, on the trail."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import staff_mail
from ultrasound_portal.clinics.models import Clinic, GlassBreak, GlassReason, Membership, User
from ultrasound_portal.clinics.rights import can, open_now
from ultrasound_portal.clinics.roles import RIGHTS, Capability, Role, capabilities

LASTS = timedelta(hours=1)
WITHIN_REACH: dict[Role, frozenset[Capability]] = {
    Role.SONOGRAPHER: frozenset({Capability.RELEASE, Capability.CONSENT, Capability.SHARE}),
    Role.REVIEWER: frozenset({Capability.UPLOAD, Capability.CONSENT, Capability.SHARE}),
    Role.CLINICIAN: frozenset({Capability.LEDGER}),
    Role.ADMINISTRATOR: frozenset({Capability.REVIEW, Capability.CONSENT, Capability.SHARE}),
    Role.AUDITOR: frozenset(),
}
"""What each role may open: more of the care of patients, never the clinic's settings, its people or its trail."""

BREAKABLE = tuple(RIGHTS)

SUBJECT = "Somebody opened more than her roles allow"
BODY = """{who} opened "{right}" in the Ultrasound Portal of {clinic} until {until}, for this reason: {reason}.

The page People shows it until an administrator has noted it, and the audit trail has each step.
"""


class NotBreakable(Exception):
    """What the role has already, or what no reason opens to it."""


def within_reach(membership: Membership, capability: Capability) -> bool:
    """Say whether a reason opens this to one of the member's roles."""
    within = any(capability in WITHIN_REACH[role] for role in membership.held)
    return within and capability not in capabilities(membership.held)


def reach(membership: Membership) -> list[Capability]:
    """Return everything that a reason opens to the member and that is not open yet."""
    return [one for one in BREAKABLE if within_reach(membership, one) and not can(membership, one)]


def open_(membership: Membership, capability: Capability, reason: GlassReason) -> GlassBreak:
    """Open one right for an hour and tell every administrator; raises NotBreakable."""
    if not within_reach(membership, capability):
        raise NotBreakable
    with transaction.atomic():
        broken = GlassBreak.objects.create(
            membership=membership, capability=capability.value, reason=reason, ends_at=timezone.now() + LASTS
        )
        _note(Event.GLASS_BROKEN, broken, by=membership.user, reason=reason.value)
    staff_mail.send(
        to=[one.user.email for one in _administrators(membership.clinic)],
        subject=SUBJECT,
        body=BODY.format(
            who=membership.user.display_name,
            right=RIGHTS[capability].lower(),
            clinic=membership.clinic.name,
            until=timezone.localtime(broken.ends_at).strftime("%H:%M"),
            reason=reason.label.lower(),
        ),
    )
    return broken


def unseen(clinic: Clinic) -> QuerySet[GlassBreak]:
    """Return what no administrator has noted yet, the newest first."""
    found = GlassBreak.objects.filter(membership__clinic_id=clinic.pk, seen_at=None)
    return found.select_related("membership__user").order_by("-opened_at")


@transaction.atomic
def close(membership: Membership) -> None:
    """End before its time what is open to the member."""
    for broken in open_now(membership):
        _note(Event.GLASS_CLOSED, broken, by=membership.user)
    open_now(membership).update(ends_at=timezone.now())


@transaction.atomic
def note_seen(broken: GlassBreak, *, by: User) -> None:
    """Note that an administrator knows of it; raises NotBreakable for one's own."""
    if broken.membership.user_id == by.pk:
        raise NotBreakable
    GlassBreak.objects.filter(pk=broken.pk, seen_at=None).update(seen_at=timezone.now(), seen_by=by)
    _note(Event.GLASS_SEEN, broken, by=by)


def note_use(membership: Membership, capabilities: Iterable[Capability], page: str) -> None:
    """Put a step that the roles alone would not allow on the trail."""
    with transaction.atomic():
        for broken in open_now(membership).filter(capability__in=list(capabilities))[:1]:
            _note(Event.GLASS_USED, broken, by=membership.user, page=page)


def _administrators(clinic: Clinic) -> QuerySet[Membership]:
    return clinic.memberships.filter(roles__contains=Role.ADMINISTRATOR, user__is_active=True).select_related("user")


def _note(event: Event, broken: GlassBreak, *, by: User, **detail: str) -> None:
    record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=broken.membership.clinic_id,
        object_kind="glass",
        object_id=broken.pk,
        detail={"right": broken.capability, **detail},
    )
