"""Who saw which pictures, and whose they are, told from the audit trail: the list that a breach begins with."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from deid.models import Artefact, Study
from sharing.models import Link
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

SEEN = (Event.PICTURE_SERVED, Event.PICTURE_DOWNLOADED, Event.PICTURE_VIEWED_BY_STAFF)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One picture that one visitor or member of staff got; `actor` is `link:<id>` or `user:<id>`.

    `picture_id` and `study_id` are None where the file is gone from the database since.
    """

    patient_id: UUID
    study_id: UUID | None
    picture_id: UUID | None
    actor: str
    first: datetime
    last: datetime
    shown: int
    saved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which looks are asked for; what is None does not narrow."""

    clinic_id: UUID | None = None
    study_id: UUID | None = None
    patient_id: UUID | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def exposures(scope: Scope) -> Sequence[Exposure]:
    """Return one line per patient, picture and actor, the earliest first; a resumed download counts once."""
    looks = (
        _entries(scope)
        .values("patient_id", "object_id", "actor")
        .annotate(
            first=Min("at"),
            last=Max("at"),
            shown=Count("seq", filter=~Q(event=Event.PICTURE_DOWNLOADED)),
            saved=Count("seq", filter=Q(event=Event.PICTURE_DOWNLOADED, detail__start=0)),
        )
        .order_by("first", "object_id")
    )
    rows: Sequence[Mapping[str, Any]] = list(looks)  # Any: columns of several types
    places = dict(_places(row["object_id"] for row in rows))
    found = [_exposure(row, places.get(row["object_id"])) for row in rows]
    return _joined(found)


def _entries(scope: Scope) -> QuerySet[Entry]:
    entries = Entry.objects.filter(event__in=SEEN, outcome="success", patient_id__isnull=False)
    if scope.study_id is not None:
        files = Artefact.objects.filter(instance__study_id=scope.study_id)
        visitors = [f"link:{key}" for key in Link.objects.filter(study_id=scope.study_id).values_list("pk", flat=True)]
        patient_id = Study.objects.values_list("patient_id", flat=True).get(pk=scope.study_id)
        entries = entries.filter(Q(object_id__in=files.values("pk")) | Q(actor__in=visitors), patient_id=patient_id)
    wanted = {
        "clinic_id": scope.clinic_id,
        "patient_id": scope.patient_id,
        "actor": scope.actor,
        "at__gte": scope.since,
        "at__lt": scope.until,
    }
    return entries.filter(**{name: value for name, value in wanted.items() if value is not None})


def _places(artefact_ids: Iterator[UUID]) -> Iterator[tuple[UUID, tuple[UUID, UUID]]]:
    keys = list(set(artefact_ids))
    for begin in range(0, len(keys), 500):
        found = Artefact.objects.filter(pk__in=keys[begin : begin + 500])
        for key, picture_id, study_id in found.values_list("pk", "instance_id", "instance__study_id"):
            yield key, (picture_id, study_id)


def _exposure(row: Mapping[str, Any], place: tuple[UUID, UUID] | None) -> Exposure:
    picture_id, study_id = place or (None, None)
    return Exposure(
        patient_id=row["patient_id"],
        study_id=study_id,
        picture_id=picture_id,
        actor=row["actor"],
        first=row["first"],
        last=row["last"],
        shown=row["shown"],
        saved=row["saved"],
    )


def _joined(found: Sequence[Exposure]) -> list[Exposure]:
    """Put the files of one picture together; files whose picture is not known stay apart."""
    joined: dict[tuple[object, ...], Exposure] = {}
    for number, one in enumerate(found):
        key = (one.patient_id, one.actor, one.picture_id or number)
        known = joined.get(key)
        joined[key] = one if known is None else _sum(known, one)
    return list(joined.values())


def _sum(left: Exposure, right: Exposure) -> Exposure:
    return Exposure(
        patient_id=left.patient_id,
        study_id=left.study_id,
        picture_id=left.picture_id,
        actor=left.actor,
        first=min(left.first, right.first),
        last=max(left.last, right.last),
        shown=left.shown + right.shown,
        saved=left.saved + right.saved,
    )
