"""Publishes chapters, takes the word of those who have read them, and says who may share."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics.models import Clinic, User
from ultrasound_portal.handbook.models import Chapter, Demand, Edition, Reading

LONGEST = 20_000


@transaction.atomic
def publish(clinic: Clinic, chapter: Chapter, text: str, *, by: User) -> Edition:
    """Publish the next edition of a chapter; whoever read the last one reads again. Raises ValueError without text.

    The clinic's row is locked, so that two editions never get one number.
    """
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise ValueError(f"a chapter has 1 to {LONGEST} characters")
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    editions = Edition.objects.filter(clinic=clinic, chapter=chapter)
    last = editions.aggregate(last=Max("version"))["last"] or 0
    edition = Edition.objects.create(
        clinic=clinic,
        chapter=Chapter(chapter),
        version=last + 1,
        text=said,
        published_at=timezone.now(),
        published_by=by,
    )
    _note(Event.HANDBOOK_PUBLISHED, clinic, by, chapter=edition.chapter, version=edition.version)
    return edition


def current(clinic: Clinic) -> Sequence[Edition]:
    """Return the last edition of every chapter that has one, in the order of the chapters; `readers` counts words."""
    editions = Edition.objects.filter(clinic=clinic).select_related("published_by").annotate(readers=Count("readings"))
    newest = {edition.chapter: edition for edition in editions.order_by("version")}
    return [newest[chapter] for chapter in Chapter if chapter in newest]


def unread(user: User, clinic: Clinic) -> Sequence[Edition]:
    """Return the chapters whose last edition the user has not read."""
    editions = current(clinic)
    read = set(Reading.objects.filter(user=user, edition__in=editions).values_list("edition_id", flat=True))
    return [edition for edition in editions if edition.pk not in read]


@transaction.atomic
def note_reading(edition: Edition, *, by: User) -> None:
    """Take somebody's word that she has read an edition; twice is harmless."""
    _, is_new = Reading.objects.get_or_create(edition=edition, user=by, defaults={"at": timezone.now()})
    if is_new:
        _note(Event.HANDBOOK_READ, edition.clinic, by, chapter=edition.chapter, version=edition.version)


@transaction.atomic
def demand(clinic: Clinic, *, reading: bool, by: User) -> None:
    """Say whether only those who have read the handbook may share."""
    Demand.objects.update_or_create(clinic=clinic, defaults={"reading_required": reading})
    _note(Event.HANDBOOK_DEMANDED, clinic, by, reading=reading)


def is_demanded(clinic: Clinic) -> bool:
    """Whether the clinic lets only those share who have read its handbook."""
    return Demand.objects.filter(clinic=clinic, reading_required=True).exists()


def may_share(user: User, clinic: Clinic) -> bool:
    """Whether nothing of the handbook stands between a member of staff and sharing."""
    return not is_demanded(clinic) or not unread(user, clinic)


def _note(event: Event, clinic: Clinic, by: User, **detail: str | int | bool) -> None:
    record(
        event,
        actor=f"user:{by.pk}",
        clinic_id=clinic.pk,
        object_kind="handbook",
        detail=detail,
    )
