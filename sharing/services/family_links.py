"""The patient makes a link for somebody of her family, within what she agreed to and what her clinic allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from consent.models import Grant
from consent.services import active_grant
from sharing.errors import LinkRefusal, LinkRefused
from sharing.models import Link
from sharing.models.link import USUAL_OPENINGS
from sharing.services.her_links import is_open, others
from sharing.services.limits import limits_of
from sharing.services.links import ChosenFile, LinkOrder, NewLink, create_link
from sharing.services.withdrawal import is_her_own
from sharing.states import RecipientCheck
from ultrasound_portal.patients.models import Patient

FAMILY = "family"
MOST_OPEN = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What she asks for; `submission` is the form, so that one sent twice makes one link."""

    nickname: str
    not_after: datetime
    download_allowed: bool
    submission: UUID


def family_grant(own: Link) -> Grant | None:
    """Return her yes to sharing the study of her own link with her family, if there is one now."""
    return active_grant(own.patient, FAMILY, own.study_id) if is_her_own(own) else None


def latest_end(grant: Grant, now: datetime) -> datetime:
    """Return the last moment at which a link of hers may end: the clinic's limit, or that of her yes if sooner."""
    return min(now + limits_of(grant.clinic_id, FAMILY).longest, grant.valid_until or now)


@transaction.atomic
def make_family_link(own: Link, wish: Wish, files: Sequence[ChosenFile]) -> NewLink:
    """Make the link through her own; raises LinkRefused, with TOO_MANY where twenty are open already.

    Her row is locked, so that two forms sent at once are counted one after the other.
    """
    Patient.objects.select_for_update(no_key=True).get(pk=own.patient_id)
    now = timezone.now()
    grant = family_grant(own)
    if grant is None:
        raise LinkRefused(LinkRefusal.NO_CONSENT)
    if wish.not_after > latest_end(grant, now):
        raise LinkRefused(LinkRefusal.TOO_LONG)
    if sum(is_open(link, now) for link in others(own).filter(made_through__isnull=False)) >= MOST_OPEN:
        raise LinkRefused(LinkRefusal.TOO_MANY)
    order = LinkOrder(
        study=own.study,
        grant=grant,
        files=files,
        nickname=wish.nickname,
        recipient_check=RecipientCheck.BY_PATIENT,
        not_after=wish.not_after,
        max_openings=USUAL_OPENINGS,
        download_allowed=wish.download_allowed,
        submission=wish.submission,
    )
    return create_link(order, by=own)
