"""Many clean pictures, of one study or several, are approved at once: only those that this person was shown whole."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from deid.errors import ReviewRefusal, ReviewRefused
from deid.models import Approval, Instance, Round
from deid.services import gates, review, showings
from deid.states import Gate, InstanceState
from ultrasound_portal.clinics.models import Clinic, User

UNDO_FOR = timedelta(minutes=10)
MOST = 500


@dataclass(frozen=True, slots=True)
class Offer:
    """A picture that the person may approve together with others, and the gate that it passes then."""

    picture: Instance
    gate: Gate


def offered(clinic: Clinic, *, by: User, may_release: bool, study: UUID | None = None) -> list[Offer]:
    """Return the clean pictures of which `by` was shown every frame, of one study or all, the oldest study first.

    One that may tell the sex, or that nobody has matched to a patient, is looked at by itself. At most MOST are looked
    through.
    """
    clean = Instance.objects.filter(
        clinic=clinic, state=InstanceState.CLEAN, tells_sex=False, current_run__showings__by=by
    ).exclude(study__nameless=True, study__matched_at=None)
    if study is not None:
        clean = clean.filter(study=study)
    pictures = list(clean.select_related("study__patient").order_by("study__received_at", "study", "number")[:MOST])
    unseen = showings.unseen_of(pictures, by=by)
    cleaned = Approval.objects.filter(
        instance__in=pictures, run__current_of__isnull=False, gate=Gate.CLEAN, ended_at=None
    )
    found = {one.instance_id: one for one in cleaned}
    two = gates.needs_second_person(clinic)
    opened = (
        (one, gates.open_gate(found.get(one.pk), by=by, may_release=may_release, two=two))
        for one in pictures
        if not unseen[one.pk]
    )
    return [Offer(one, gate) for one, gate in opened if gate is not None]


def approve(clinic: Clinic, chosen: Collection[UUID], *, by: User, may_release: bool) -> Round | None:
    """Pass each chosen picture that is offered through its gate, and return the round; None where none passed."""
    made = Round.objects.create(clinic=clinic, by=by)
    passed = sum(
        _pass(offer, made) for offer in offered(clinic, by=by, may_release=may_release) if offer.picture.pk in chosen
    )
    if passed:
        return made
    made.delete()
    return None


def ends_at(made: Round) -> datetime | None:
    """Return until when the round can be undone, or None where it cannot any more."""
    end = made.at + UNDO_FOR
    return end if made.undone_at is None and timezone.now() < end else None


def undo(made: Round, *, by: User) -> int:
    """Take every approval of the round back whose picture has not gone on since; return how many pictures those were.

    Raises ReviewRefused where it is too late, or another person's.
    """
    if made.by_id != by.pk or ends_at(made) is None:
        raise ReviewRefused(ReviewRefusal.TOO_LATE)
    standing = made.approvals.filter(ended_at=None).select_related("instance", "by").order_by("instance", "-gate")
    back = {approval.instance_id for approval in standing if _taken_back(approval)}
    made.undone_at = timezone.now()
    made.save(update_fields=["undone_at"])
    return len(back)


@transaction.atomic
def _pass(offer: Offer, made: Round) -> bool:
    step = review.release if offer.gate == Gate.RELEASE else review.find_clean
    try:
        step(offer.picture, by=made.by, seen=offer.picture.current_run_id)
    except ReviewRefused:
        return False
    own = Approval.objects.filter(instance=offer.picture, by=made.by, ended_at=None, at__gte=made.at)
    own.update(round=made)
    return True


def _taken_back(approval: Approval) -> bool:
    """Take one approval back, the release before the finding; False where the picture has gone on."""
    try:
        if approval.gate == Gate.RELEASE:
            review.undo_release(approval.instance, by=approval.by)
        else:
            gates.take_clean_back(approval)
    except ReviewRefused:
        return False
    return True
