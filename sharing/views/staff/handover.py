"""The DICOM files of a study for one purpose: what they tell, and the ZIP."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from consent.services import active_grant
from deid.models import Study
from sharing import access, bundles, handovers
from sharing.errors import LinkClosed
from sharing.handovers import Handover
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.clinics.sign_ins import VERY_FRESH
from ultrasound_portal.patients.services import display_name


@requires(Capability.SHARE, proved_within=VERY_FRESH)
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: StaffRequest, study_id: UUID, purpose: str) -> HttpResponseBase:
    """Say what the files of a study tell for a purpose, and with a POST and a fresh proof give them, in a ZIP."""
    study = in_clinic_or_404(Study, request, study_id)
    grant = active_grant(study.patient, purpose, study.pk) if purpose in handovers.PURPOSES else None
    if grant is None:
        raise Http404
    asked = Handover(study, grant, actor_of(request))
    if request.method != "POST":
        return _page(request, asked)
    chosen = handovers.pictures(asked)
    if not chosen:
        return _page(request, asked, status=409)
    try:
        return bundles.answer(purpose, handovers.members(asked, chosen))
    except LinkClosed:
        return _page(request, asked, status=409)


def _page(request: StaffRequest, asked: Handover, *, status: int = 200) -> HttpResponse:
    context = {
        "study": asked.study,
        "patient_name": display_name(asked.study.patient),
        "grant": asked.grant,
        "disclosure": asked.disclosure,
        "going": len(handovers.pictures(asked)),
        "released": len(access.released(asked.study.pk)),
        "too_late": status != 200,
    }
    return render(request, "sharing/staff/handover.html", context, status=status)
