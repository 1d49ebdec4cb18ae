"""Saving one, some or all of the pictures in the format she chooses, and the page for her own printer."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_safe

from sharing import access, bundles, saving
from sharing.access import Viewing
from sharing.bundles import Member
from sharing.errors import ClosedReason, LinkClosed
from sharing.saving_form import SavingForm
from sharing.streaming import Body
from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.audit.events import Event
from ultrasound_portal.clinics.services import current_brand


@session_required
@require_GET
def save(request: VisitRequest) -> HttpResponseBase:
    """Give the file that was chosen, or several in a ZIP; each is on record as a saved copy when its bytes go out."""
    keys = _keys(request, request.visit)
    if len(keys) == 1:
        return redirect(f"{reverse('sharing:picture', args=keys)}?download=1")
    members = [_member(request.visit, key) for key in keys]
    return bundles.answer("scans", members)


@session_required
@require_safe
def paper(request: VisitRequest) -> HttpResponse:
    """Show the chosen pictures on a sheet each, made for A6 paper; what is printed is on record as saved."""
    link = request.visit.link
    keys = _keys(request, request.visit, shape=saving.Shape.PRINT)
    ready = {one.key: one for one in access.renders(request.visit, access.pictures(request.visit))}
    context = {
        "sheets": [ready[key] for key in keys if key in ready],
        "waiting": any(key not in ready for key in keys),
        "link": link,
        "clinic": link.clinic,
        "brand": current_brand(link.clinic),
    }
    return render(request, "sharing/patient/paper.html", context)


def _keys(request: HttpRequest, visit: Viewing, *, shape: saving.Shape | None = None) -> list[UUID]:
    """Return the keys of what was asked for; a choice that no page offers counts as one that nobody has."""
    form = SavingForm(request.GET)
    if not form.is_valid() or not visit.link.download_allowed:
        raise LinkClosed(ClosedReason.VIEW_ONLY if form.is_valid() else ClosedReason.NOT_IN_LINK)
    keys = saving.chosen(
        visit,
        shape=shape or saving.Shape(form.cleaned_data["shape"] or saving.Shape.ORIGINAL),
        moving=saving.Moving.STILL if shape else saving.Moving(form.cleaned_data["moving"] or saving.Moving.FILM),
        pictures=form.cleaned_data["picture"],
    )
    if not keys:
        raise LinkClosed(ClosedReason.NOT_IN_LINK)
    return keys


def _member(visit: Viewing, key: UUID) -> Member:
    file = access.picture(visit, key, download=True)
    return Member(
        Body(name=file.name, media_type=file.media_type, size=file.size),
        begin=partial(access.read, visit, key, event=Event.PICTURE_DOWNLOADED),
        go_on=partial(access.read, visit, key, event=None),
    )
