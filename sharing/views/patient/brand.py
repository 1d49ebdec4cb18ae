"""The clinic's colours as a stylesheet, since the content policy allows no inline style."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from sharing.views.patient.session import VisitRequest, session_required
from ultrasound_portal.clinics.services import current_brand


@session_required
@require_safe
def stylesheet(request: VisitRequest) -> HttpResponse:
    """Set the two colours of the clinic whose link is open."""
    brand = current_brand(request.visit.link.clinic)
    return HttpResponse(render_to_string("sharing/patient/brand.css", {"brand": brand}), content_type="text/css")
