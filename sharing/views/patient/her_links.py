"""Who can look at her pictures: every link with its visits, and its end."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sharing.models import Link
from sharing.nicknames import nicknames_of
from sharing.notice_form import NoticeForm
from sharing.senders.choosing import open_channels
from sharing.services import her_links, notices
from sharing.services.family_links import family_grant
from sharing.shelves import NAMES
from sharing.views.patient.home import frame
from sharing.views.patient.session import VisitRequest, hers_required
from sharing.visits import Visit, visits_of


@dataclass(frozen=True, slots=True)
class Row:
    """One link as she reads it."""

    link: Link
    nickname: str
    purpose: str
    open_now: bool
    visits: list[Visit]


@hers_required
@require_safe
def links(request: VisitRequest) -> HttpResponse:
    """Show her links, those that work first."""
    return links_page(request, NoticeForm())


def links_page(request: VisitRequest, notice_form: NoticeForm, status: int = 200) -> HttpResponse:
    """Show her links, with the form for messages about them as it was filled."""
    own = request.visit.link
    rows = _rows(own)
    context = frame(own) | {
        "may_make": family_grant(own) is not None,
        "open_rows": [row for row in rows if row.open_now],
        "closed_rows": [row for row in rows if not row.open_now],
        "copies": her_links.saved_through(her_links.others(own), patient_id=own.patient_id),
        "may_tell": bool(open_channels()),
        "notice": notices.asked_of(own.patient),
        "notice_form": notice_form,
    }
    return render(request, "sharing/patient/her_links.html", context, status=status)


@hers_required
@require_POST
def end_one(request: VisitRequest, link_id: UUID) -> HttpResponse:
    """End one link for good."""
    her_links.end_one(request.visit.link, link_id)
    return redirect("sharing:her_links")


@hers_required
@require_POST
def end_all(request: VisitRequest) -> HttpResponse:
    """End every link but her own, and say what cannot be called back."""
    own = request.visit.link
    context = frame(own) | {
        "ended": her_links.end_all(own),
        "files": None,
        "copies": her_links.saved_through(her_links.others(own), patient_id=own.patient_id),
    }
    return render(request, "sharing/patient/sharing_ended.html", context)


def _rows(own: Link) -> list[Row]:
    found = list(her_links.others(own))
    nicknames, visits = nicknames_of(found), visits_of(found, patient_id=own.patient_id)
    now = timezone.now()
    return [
        Row(
            link=link,
            nickname=nicknames[link.pk],
            purpose=str(NAMES.get(link.purpose_code, link.grant.purpose.name)),
            open_now=her_links.is_open(link, now),
            visits=visits[link.pk],
        )
        for link in found
    ]
