"""How long links live: a clinic's own limits in versions, which nobody at its desk can exceed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sharing.models import Link, LinkLimits
from sharing.models.limits import CEILING
from sharing.models.link import LONGEST, USUAL
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.models import Clinic, User

# a consultation is over sooner than a keepsake, whatever the clinic allows
OF_PURPOSE = {"consult": timedelta(days=30)}


@dataclass(frozen=True, slots=True)
class Limits:
    """What is proposed for a link's life, and the longest it may have; version 0 is what holds before any choice."""

    usual: timedelta = USUAL
    longest: timedelta = LONGEST
    version: int = 0


def limits_of(clinic_id: UUID, purpose_code: str = "") -> Limits:
    """Return the limits that hold now, for links of a purpose."""
    latest = LinkLimits.objects.filter(clinic_id=clinic_id).first()
    found = (
        Limits(timedelta(days=latest.usual_days), timedelta(days=latest.longest_days), latest.version)
        if latest
        else Limits()
    )
    longest = min(found.longest, OF_PURPOSE.get(purpose_code, found.longest))
    return Limits(min(found.usual, longest), longest, found.version)


@transaction.atomic
def publish_limits(clinic: Clinic, *, usual_days: int, longest_days: int, by: User) -> int:
    """Make a new version and shorten the links that live longer than it allows; return how many were shortened.

    Raises ValueError outside 1 to 365 days, or where what is proposed is longer than what is allowed.
    """
    if not 1 <= usual_days <= longest_days <= CEILING:
        raise ValueError("days out of bounds")
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    now = timezone.now()
    version = limits_of(clinic.pk).version + 1
    LinkLimits.objects.create(
        clinic=clinic,
        version=version,
        usual_days=usual_days,
        longest_days=longest_days,
        published_by=by,
        published_at=now,
    )
    shortened = _shorten(clinic, timedelta(days=longest_days), now)
    trail.record(
        Event.LINK_LIMITS_CHANGED,
        actor=f"user:{by.pk}",
        clinic_id=clinic.pk,
        object_kind="clinic",
        object_id=clinic.pk,
        detail={"version": version, "usual_days": usual_days, "longest_days": longest_days, "shortened": shortened},
    )
    return shortened


def _shorten(clinic: Clinic, longest: timedelta, now: datetime) -> int:
    living = Link.objects.select_for_update().filter(clinic=clinic, revoked_at=None, not_after__gt=now).order_by("pk")
    too_long = [link for link in living if link.not_after > link.created_at + longest]
    for link in too_long:
        # a link that has not opened yet ends as it begins: its window is never empty
        link.not_after = max(link.created_at + longest, link.not_before + timedelta(seconds=1))
        link.save(update_fields=["not_after"])
    return len(too_long)
