"""What the patient does with her other links through her own: she sees them, ends one, or ends them all."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from sharing.models import Link
from sharing.services.links import revoke_links, state_of
from sharing.services.withdrawal import CopiesOut
from sharing.states import LinkState
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry


def others(link: Link) -> QuerySet[Link]:
    """Return every other link to pictures of hers, whatever the study, newest first."""
    return Link.objects.filter(patient_id=link.patient_id).exclude(pk=link.pk).select_related("grant__purpose")


def end_one(link: Link, other_id: UUID) -> bool:
    """Revoke one other link of hers; false where it is not hers or was revoked before."""
    return revoke_links(others(link).filter(pk=other_id).select_related(None), actor=f"link:{link.pk}") > 0


@transaction.atomic
def end_all(link: Link) -> int:
    """Revoke every other link of hers in one transaction and return how many were open; her own stays."""
    now = timezone.now()
    open_before = sum(is_open(other, now) for other in others(link))
    revoke_links(others(link).select_related(None), actor=f"link:{link.pk}")
    return open_before


def is_open(link: Link, at: datetime) -> bool:
    """Say whether somebody can, or will be able to, look through a link."""
    return state_of(link, at) in {LinkState.ACTIVE, LinkState.NOT_YET}


def saved_through(links: QuerySet[Link], *, patient_id: UUID) -> Sequence[CopiesOut]:
    """Return what was saved through the links, by day, oldest first; a resumed download counts once."""
    counted = (
        Entry.objects.filter(
            event=Event.PICTURE_DOWNLOADED,
            patient_id=patient_id,
            actor__in=[f"link:{key}" for key in links.values_list("pk", flat=True)],
            outcome="success",
            detail__start=0,
        )
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(files=Count("seq"))
        .order_by("day")
    )
    return [CopiesOut(day=row["day"], files=row["files"]) for row in counted]
