"""Taking consent back: as easy as giving it, and honest about what cannot be called back."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consent.errors import ConsentRefused
from consent.models import Grant
from sharing import access
from sharing.models import Link
from sharing.services.withdrawal import copies_out, is_her_own, take_back, yeses_of
from sharing.views.patient import session
from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.clinics.services import current_brand


@session_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: VisitRequest) -> HttpResponse:
    """Say what taking back does and does not do; with a POST, do it. A guest is shown to the clinic instead."""
    link = request.visit.link
    if not is_her_own(link):
        access.pictures(request.visit)
        status = 403 if request.method == "POST" else 200
        return render(request, "sharing/patient/not_yours.html", _context(link, link.grant), status=status)
    if request.method != "POST":
        access.pictures(request.visit)
        context = _context(link, link.grant) | {
            "yeses": [(grant, copies_out(grant.pk)) for grant in yeses_of(link)],
        }
        return render(request, "sharing/patient/withdraw.html", context)
    chosen = _chosen(request)
    try:
        take_back(link, chosen)
    except ConsentRefused:
        return session.closed_page(request)
    taken = Grant.objects.select_related("wording").get(pk=chosen or link.grant_id)
    response = render(request, "sharing/patient/withdrawn.html", _context(link, taken))
    if taken.pk == link.grant_id:
        session.end(response)
    return response


def _chosen(request: VisitRequest) -> UUID | None:
    """The yes whose button was pressed; what is no key counts as one that nobody has."""
    text = request.POST.get("grant", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        return UUID(int=0)


def _context(link: Link, grant: Grant) -> dict[str, object]:
    return {
        "link": link,
        "grant": grant,
        "clinic": link.clinic,
        "brand": current_brand(link.clinic),
        "copies": copies_out(grant.pk),
        "goes_on": grant.pk != link.grant_id,
    }
