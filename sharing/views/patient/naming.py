"""“I can see my name”: one tap hides a picture everywhere, and says what happens next."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from sharing import access
from sharing.services.hiding import hide
from sharing.services.withdrawal import is_her_own
from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.clinics.services import current_brand


@session_required
@require_POST
def name_seen(request: VisitRequest, artefact_id: UUID) -> HttpResponse:
    """Hide the picture of a file that the visitor may see now; whoever looks may say it."""
    link = request.visit.link
    file = access.picture(request.visit, artefact_id, download=False)
    hide(link, file.picture_id)
    context = {"link": link, "clinic": link.clinic, "brand": current_brand(link.clinic), "own": is_her_own(link)}
    return render(request, "sharing/patient/name_seen.html", context)
