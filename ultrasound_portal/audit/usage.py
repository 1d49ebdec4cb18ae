"""Looks for use that nobody should have had: at odd hours, of many pictures at once, and at doors that are closed."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

LOOKS = (Event.PICTURE_VIEWED_BY_STAFF, Event.CONSENT_LEDGER_READ, Event.CONSENT_EXPORTED, Event.CONSENT_COPY_READ)
"""What staff do to see something of a patient."""

WINDOW = timedelta(hours=1)
ENDED = frozenset({"expired", "revoked", "spent", "not_permitted"})
WRONG = frozenset({"wrong_code", "cooling_off", "too_many_tries"})


@dataclass(frozen=True, slots=True)
class OddHours:
    """How often a member of staff looked on one day outside the clinic's hours."""

    actor: str
    first: datetime
    last: datetime
    looks: int


@dataclass(frozen=True, slots=True)
class ManyPictures:
    """The most pictures that a member of staff opened within one hour, and how many patients they were of."""

    actor: str
    begin: datetime
    pictures: int
    patients: int


@dataclass(frozen=True, slots=True)
class ClosedDoor:
    """How often somebody came to a link that had ended, or with a wrong code."""

    link_id: UUID
    last: datetime
    ended: int
    wrong: int


def odd_hours(clinic_id: UUID, since: datetime, *, opens: time, closes: time) -> Sequence[OddHours]:
    """Return who looked before the clinic opens, after it closes, or at the weekend, by day, the newest first.

    Hours are those of the portal's time zone.
    """
    days: dict[tuple[str, object], list[datetime]] = defaultdict(list)
    for entry in _stream(_by_staff(clinic_id, since)):
        here = timezone.localtime(entry.at)
        if here.weekday() >= 5 or not opens <= here.time() < closes:
            days[entry.actor, here.date()].append(entry.at)
    found = [OddHours(actor, min(times), max(times), len(times)) for (actor, _), times in days.items()]
    return sorted(found, key=lambda one: one.last, reverse=True)


def many_pictures(clinic_id: UUID, since: datetime, *, more_than: int) -> Sequence[ManyPictures]:
    """Return who opened more than so many different pictures' files within any hour: for each her fullest hour."""
    fullest: dict[str, ManyPictures] = {}
    windows: dict[str, deque[Entry]] = defaultdict(deque)
    for entry in _stream(_by_staff(clinic_id, since).filter(event=Event.PICTURE_VIEWED_BY_STAFF)):
        window = windows[entry.actor]
        window.append(entry)
        while window[0].at <= entry.at - WINDOW:
            window.popleft()
        files = len({one.object_id for one in window})
        known = fullest.get(entry.actor)
        if files > more_than and (known is None or files > known.pictures):
            patients = len({one.patient_id for one in window})
            fullest[entry.actor] = ManyPictures(entry.actor, window[0].at, files, patients)
    return sorted(fullest.values(), key=lambda one: one.pictures, reverse=True)


def closed_doors(clinic_id: UUID, since: datetime, *, at_least: int) -> Sequence[ClosedDoor]:
    """Return the links that somebody came to at least so often after their end, or with wrong codes."""
    ended: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    refused = Entry.objects.filter(
        clinic_id=clinic_id,
        at__gte=since,
        event__in=(Event.LINK_REFUSED, Event.GATE_REFUSED),
        actor__startswith="link:",
    )
    for entry in _stream(refused):
        reason = entry.detail.get("reason")
        if reason in ENDED | WRONG:
            (ended if reason in ENDED else wrong)[entry.actor] += 1
            last[entry.actor] = entry.at
    found = [
        ClosedDoor(UUID(actor.removeprefix("link:")), at, ended[actor], wrong[actor])
        for actor, at in last.items()
        if ended[actor] + wrong[actor] >= at_least
    ]
    return sorted(found, key=lambda one: one.ended + one.wrong, reverse=True)


def _by_staff(clinic_id: UUID, since: datetime) -> QuerySet[Entry]:
    return Entry.objects.filter(clinic_id=clinic_id, at__gte=since, event__in=LOOKS, actor__startswith="user:")


def _stream(entries: QuerySet[Entry]) -> Iterator[Entry]:
    return entries.order_by("seq").iterator(chunk_size=2000)
