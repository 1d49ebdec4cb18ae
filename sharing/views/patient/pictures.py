"""The pictures page, and the bytes of one picture."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sharing import access, saving
from sharing.models import Link
from sharing.recipients import named_recipient
from sharing.services.withdrawal import is_her_own
from sharing.streaming import Body, answer, outline
from sharing.views.patient.home import home
from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.services import current_brand


@session_required
@require_safe
def pictures(request: VisitRequest) -> HttpResponse:
    """Show a guest what the link gives now; the patient finds her own page behind her own link."""
    link = request.visit.link
    if is_her_own(link):
        return home(request)
    shown = access.pictures(request.visit)
    context = {
        "pictures": shown,
        "link": link,
        "her_own": False,
        "recipient": _name_of(link),
        "grant": link.grant,
        "clinic": link.clinic,
        "brand": current_brand(link.clinic),
        "saving": saving.offer(request.visit, shown),
    }
    return render(request, "sharing/patient/pictures.html", context)


@session_required
@require_safe
def picture(request: VisitRequest, artefact_id: UUID) -> HttpResponseBase:
    """Give one file, whole or one range of it, to look at or to keep.

    Every piece is asked for anew; conditional headers are ignored, so that no "not modified" stands in for the guard.
    """
    visit = request.visit
    download = request.GET.get("download") == "1"
    file = access.picture(visit, artefact_id, download=download)
    body = Body(name=file.name, media_type=file.media_type, size=file.size)
    if request.method == "HEAD":
        return outline(body, download=download)
    event = Event.PICTURE_DOWNLOADED if download else Event.PICTURE_SERVED
    return answer(
        body,
        begin=partial(access.read, visit, artefact_id, event=event),
        go_on=partial(access.read, visit, artefact_id, event=None),
        range_header="" if "If-Range" in request.headers else request.headers.get("Range", ""),
        download=download,
    )


def _name_of(link: Link) -> str:
    recipient = named_recipient(link.grant)
    return recipient.name if recipient else ""
