"""A patient takes her consent back from her own page: the grant, its links and their visits end together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from consent.models import Grant
from consent.services import withdraw_consent
from consent.states import WithdrawalChannel
from sharing.models import Link
from sharing.services.links import revoke_links
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.models import Entry


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


@transaction.atomic
def take_back(link: Link) -> None:
    """Withdraw the consent behind a link, and revoke every link made from it, in one transaction.

    The grant is locked before its links, as everywhere. Raises consent.errors.ConsentRefused where the consent no
    longer stands.
    """
    grant = Grant.objects.select_for_update().get(pk=link.grant_id)
    links = Link.objects.filter(grant=grant)
    list(links.select_for_update().order_by("pk"))
    withdraw_consent(grant, actor=f"link:{link.pk}", channel=WithdrawalChannel.LINK)
    revoke_links(links, actor=f"link:{link.pk}")
