"""Where a person works at the moment: one of her memberships, chosen in the head of the desk."""

from uuid import UUID

from django.http import HttpRequest

from ultrasound_portal.clinics.models import Membership, User

CHOSEN = "clinic_id"
"""Where the session keeps the clinic a person works for at the moment."""


def memberships_of(request: HttpRequest) -> list[Membership]:
    """Return the memberships of who asks, the oldest first."""
    if not isinstance(request.user, User):
        return []
    return list(request.user.memberships.select_related("clinic", "user").order_by("created_at", "id"))


def membership_of(request: HttpRequest) -> Membership | None:
    """Return the membership a person works under: of the clinic the session keeps, or else the first."""
    return chosen_of(memberships_of(request), request)


def chosen_of(memberships: list[Membership], request: HttpRequest) -> Membership | None:
    """Return the one among them that the session keeps, or else the first."""
    chosen = [one for one in memberships if str(one.clinic_id) == request.session.get(CHOSEN)]
    return next(iter(chosen or memberships), None)


def clinic_id_of(request: HttpRequest) -> UUID | None:
    """Return the clinic whose trail keeps what the person does to her own account."""
    membership = membership_of(request)
    return membership.clinic_id if membership else None
