"""A patient takes her consent back from her own page: the grant, its links and their visits end together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from consent.errors import ConsentRefused, RefusalReason
from consent.models import Grant
from consent.services import withdraw_consent
from consent.states import WITHDRAWABLE, WithdrawalChannel
from sharing.models import Link
from sharing.services.links import revoke_links
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry

OWN_COPY = "own_copy"


@dataclass(frozen=True, slots=True)
class CopiesOut:
    """How many files were saved through links of a consent on one day; they cannot be called back."""

    day: date
    files: int


def copies_out(grant_id: UUID) -> Sequence[CopiesOut]:
    """Return the saved copies by day, oldest first, from the audit trail; a resumed download counts once."""
    counted = (
        Entry.objects.filter(event=Event.PICTURE_DOWNLOADED, grant_id=grant_id, outcome="success", detail__start=0)
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(files=Count("seq"))
        .order_by("day")
    )
    return [CopiesOut(day=row["day"], files=row["files"]) for row in counted]


def is_her_own(link: Link) -> bool:
    """Whether a link is the patient's own; one that she passed on decides nothing for her."""
    return link.purpose_code == OWN_COPY


def yeses_of(link: Link) -> list[Grant]:
    """Return every yes that the patient may take back through her own link: those about its study that run."""
    running = Grant.objects.filter(patient_id=link.patient_id, scope_id=link.study_id, state__in=WITHDRAWABLE)
    return list(running.select_related("wording", "purpose").order_by("purpose__order"))


@transaction.atomic
def take_back(link: Link, grant_id: UUID | None = None) -> None:
    """Withdraw a yes through the patient's own link, that behind the link where none is named, and revoke every link
    made from it, in one transaction.

    The grant is locked before its links, as everywhere. Raises consent.errors.ConsentRefused where the consent does
    not run, or with NOT_YOURS where the link is not the patient's own or the yes is about something else.
    """
    wanted = link.grant_id if grant_id is None else grant_id
    grant = Grant.objects.select_for_update().filter(pk=wanted).first()
    if grant is None or not is_her_own(link):
        raise ConsentRefused(RefusalReason.NOT_YOURS)
    if (grant.patient_id, grant.scope_id) != (link.patient_id, link.study_id):
        raise ConsentRefused(RefusalReason.NOT_YOURS)
    links = Link.objects.filter(grant=grant)
    list(links.select_for_update().order_by("pk"))
    withdraw_consent(grant, actor=f"link:{link.pk}", channel=WithdrawalChannel.LINK)
    revoke_links(links, actor=f"link:{link.pk}")
