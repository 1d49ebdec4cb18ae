"""Taking consent back: as easy as giving it, and honest about what cannot be called back."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consent.errors import ConsentRefused
from sharing import access
from sharing.services.withdrawal import copies_out, take_back
from sharing.views.patient import session
from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.clinics.services import current_brand


@session_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: VisitRequest) -> HttpResponse:
    """Say what taking back does and does not do; with a POST, do it."""
    link = request.visit.link
    context = {
        "link": link,
        "grant": link.grant,
        "clinic": link.clinic,
        "brand": current_brand(link.clinic),
        "copies": copies_out(link.grant_id),
    }
    if request.method != "POST":
        access.pictures(request.visit)
        return render(request, "sharing/patient/withdraw.html", context)
    try:
        take_back(link)
    except ConsentRefused:
        return session.closed_page(request)
    response = render(request, "sharing/patient/withdrawn.html", context)
    session.end(response)
    return response
