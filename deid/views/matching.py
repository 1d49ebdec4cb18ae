"""A person says whose plain pictures these are."""

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deid.errors import EXPLANATIONS, ReviewRefused
from deid.matching_forms import PatientForm
from deid.models import Study
from deid.services import matching
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires


@require_POST
@requires(Capability.REVIEW)
def match(request: StaffRequest, study: UUID) -> HttpResponseBase:
    """Give the study to the patient whom the form names."""
    found = in_clinic_or_404(Study, request, study)
    form = PatientForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Fill in the names and the record number; the birth date is a day in the past.")
        return redirect("deid:study", found.pk)
    try:
        matching.match(found, form.identity(), by=request.user)
    except ReviewRefused as refused:
        messages.error(request, EXPLANATIONS[refused.reason])
    else:
        messages.success(request, "Noted. The pictures are cleaned again, and her name is looked for in them.")
    return redirect("deid:study", found.pk)
