"""The patient's own page: her pictures, for whom they are, who can look, and what she can decide herself."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sharing import access, own_sitting, saving
from sharing.models import Link
from sharing.nicknames import nicknames_of
from sharing.services.caring import note_care
from sharing.services.family_links import family_grant
from sharing.services.her_links import is_open, others
from sharing.services.receipts import receipts_of
from sharing.shelves import FAMILY, shelves_of
from sharing.views.patient.session import VisitRequest, hers_required
from sharing.visits import first_opened_since
from ultrasound_portal.clinics.services import current_brand
from ultrasound_portal.patients import care
from ultrasound_portal.patients.care import CareStatus

NOTICE = timedelta(weeks=6)
"""How long before the end of her yes her page says so."""


def home(request: VisitRequest) -> HttpResponse:
    """Show her pictures and everything she can decide; needs her own link."""
    link = request.visit.link
    shelves = shelves_of(link.study)
    album = access.album(request.visit)
    context = frame(link) | {
        "album": album,
        "pictures": album.pictures,
        "shelves": shelves,
        "telling": any(shelf.withheld for shelf in shelves),
        "may_make": family_grant(link) is not None,
        "open_links": sum(is_open(other, timezone.now()) for other in others(link)),
        "news": [] if care.is_quiet(link.patient_id) else _nicknames(first_opened_since(link)),
        "receipts": list(receipts_of(link)),
        "ends_soon": _ends_soon(link),
        "saving": saving.offer(request.visit, album.pictures),
    }
    return render(request, "sharing/patient/home.html", context)


@hers_required
@require_safe
def purpose(request: VisitRequest, purpose: str) -> HttpResponse:
    """Show the pictures that go out for one purpose, or what is missing and how to decide."""
    link = request.visit.link
    shelf = next((one for one in shelves_of(link.study) if one.purpose.pk == purpose), None)
    if shelf is None:
        raise Http404
    album = access.album(request.visit)
    shown = [picture for picture in album.pictures if picture.picture_id in shelf.picture_ids]
    context = frame(link) | {
        "shelf": shelf,
        "may_decide": own_sitting.may_decide(link, shelf),
        "pictures": shown,
        "elsewhere": len(shelf.picture_ids) - len(shown),
        "left_out": len(album.pictures) - len(shown),
        "family": shelf.purpose.pk == FAMILY and not shelf.missing,
    }
    return render(request, "sharing/patient/purpose.html", context)


@hers_required
@require_POST
def quiet(request: VisitRequest) -> HttpResponse:
    """Ask for quiet, without a reason; only staff end it."""
    link = request.visit.link
    if not care.is_quiet(link.patient_id):
        note_care(link.patient, CareStatus.NOT_SAID, actor=f"link:{link.pk}")
    return redirect("sharing:pictures")


def frame(link: Link) -> dict[str, Any]:
    """Return what every one of her pages needs."""
    return {
        "link": link,
        "grant": link.grant,
        "clinic": link.clinic,
        "brand": current_brand(link.clinic),
        "her_own": True,
        "quiet": care.is_quiet(link.patient_id),
    }


def _nicknames(links: list[Link]) -> list[str]:
    names = nicknames_of(links)
    return [names[link.pk] for link in links]


def _ends_soon(link: Link) -> bool:
    end = link.grant.valid_until
    return end is not None and end - timezone.now() <= NOTICE and not care.is_quiet(link.patient_id)
