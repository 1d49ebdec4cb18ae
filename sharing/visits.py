"""Who opened a link, when, and what they looked at: opening a page is told apart from seeing a picture."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min
from django.utils import timezone

from sharing.models import Link, LinkImage, Opening
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """One opening of a link: `seen` and `saved` count pictures, `goes_on` says that the page is open at this moment."""

    opened_at: datetime
    seen: int
    saved: int
    goes_on: bool


def first_opened_since(link: Link) -> list[Link]:
    """Return the other links of hers that somebody opened for the first time since her visit before this one."""
    before = Opening.objects.filter(link__patient_id=link.patient_id, link__purpose_code=link.purpose_code)
    former = list(before.order_by("-opened_at").values_list("opened_at", flat=True)[1:2])
    opened = Link.objects.filter(patient_id=link.patient_id).exclude(purpose_code=link.purpose_code)
    first = opened.annotate(first=Min("visits__opened_at")).filter(first__isnull=False)
    return list((first.filter(first__gt=former[0]) if former else first).order_by("first"))


def visits_of(links: Collection[Link], *, patient_id: UUID) -> dict[UUID, list[Visit]]:
    """Return the last twenty visits of each link, newest first, from openings and trail; three queries."""
    pictures = dict(LinkImage.objects.filter(link__in=links).values_list("artefact_id", "picture_id"))
    seen, saved = defaultdict[str, set[UUID]](set), defaultdict[str, set[UUID]](set)
    entries = Entry.objects.filter(
        patient_id=patient_id,
        event__in=[Event.PICTURE_SERVED, Event.PICTURE_DOWNLOADED],
        outcome="success",
        actor__in=[f"link:{link.pk}" for link in links],
    )
    for event, artefact_id, opening in entries.values_list("event", "object_id", "detail__opening"):
        if artefact_id in pictures:
            (saved if event == Event.PICTURE_DOWNLOADED else seen)[opening].add(pictures[artefact_id])
    found: dict[UUID, list[Visit]] = {link.pk: [] for link in links}
    now = timezone.now()
    for visit in Opening.objects.filter(link__in=links).select_related("link").order_by("-opened_at"):
        if len(found[visit.link_id]) < SHOWN:
            key = str(visit.pk)
            told = Visit(visit.opened_at, len(seen[key] | saved[key]), len(saved[key]), visit.is_live(now))
            found[visit.link_id].append(told)
    return found
