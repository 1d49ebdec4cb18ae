"""What an administrator does to the memberships of a clinic; each act with its audit entry, and at once."""

from collections.abc import Iterable

from django.db import transaction

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import second_factors, sign_ins
from ultrasound_portal.clinics.models import Membership, User
from ultrasound_portal.clinics.roles import Role, joined


class NotYours(Exception):
    """An administrator's own membership, or a person who works elsewhere too; the text is for the administrator."""


OWN = "Your own roles are changed by another administrator, so that a clinic is never left without one."
ELSEWHERE = "This person works in another clinic too. Ask your operator to take the second factor away."


@transaction.atomic
def change_roles(membership: Membership, roles: Role | Iterable[Role], *, by: User) -> None:
    """Give a member other roles; raises NotYours for one's own."""
    _check_other(membership, by)
    former, membership.roles = membership.roles, joined(roles)
    membership.save(update_fields=["roles"])
    _note(Event.ROLE_CHANGED, membership, by=by, former=former, roles=membership.roles)


@transaction.atomic
def end(membership: Membership, *, by: User) -> None:
    """End a membership and every session of the person; raises NotYours for one's own."""
    _check_other(membership, by)
    _note(Event.MEMBERSHIP_ENDED, membership, by=by, roles=membership.roles)
    user = membership.user
    membership.delete()
    sign_ins.end(user)


@transaction.atomic
def reset_second_factors(membership: Membership, *, by: User) -> None:
    """Take away a member's factors and end her sessions; the next sign-in sets a factor up.

    Raises NotYours for one's own, and for somebody who works in a clinic where `by` is no administrator: whoever knows
    her password there would be let in by an administrator here.
    """
    _check_other(membership, by)
    theirs = set(membership.user.memberships.values_list("clinic_id", flat=True))
    mine = {one.clinic_id for one in by.memberships.all() if Role.ADMINISTRATOR in one.held}
    if not theirs <= mine:
        raise NotYours(ELSEWHERE)
    second_factors.forget(membership.user)
    sign_ins.end(membership.user)
    _note(Event.SECOND_FACTORS_RESET, membership, by=by)


def _check_other(membership: Membership, by: User) -> None:
    if membership.user_id == by.pk:
        raise NotYours(OWN)


def _note(event: Event, membership: Membership, *, by: User, **detail: str) -> None:
    record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=membership.clinic_id,
        object_kind="user",
        object_id=membership.user_id,
        detail=detail,
    )
