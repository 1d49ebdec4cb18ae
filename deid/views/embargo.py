"""A study is held back from its patient, and let go."""

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deid.errors import EXPLANATIONS, ReviewRefused
from deid.gate_forms import EmbargoForm
from deid.models import Study
from deid.services import embargoes
from deid.states import EmbargoGround
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires


@require_POST
@requires(Capability.REVIEW)
def hold_back(request: StaffRequest, study: UUID) -> HttpResponseBase:
    """Hold the study back; anybody who reviews may, since it only ever keeps pictures in."""
    found = in_clinic_or_404(Study, request, study)
    form = EmbargoForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose why, and a day to come or none.")
        return redirect("deid:study", found.pk)
    said = form.cleaned_data
    try:
        embargoes.place(found, ground=EmbargoGround(said["ground"]), until=said["until"], by=request.user)
    except ReviewRefused as refused:
        messages.error(request, EXPLANATIONS[refused.reason])
    else:
        messages.success(request, "Held back. Nothing of this study is shown to the patient until it is let go.")
    return redirect("deid:study", found.pk)


@require_POST
@requires(Capability.RELEASE)
def let_go(request: StaffRequest, study: UUID) -> HttpResponseBase:
    """Let the study go."""
    found = in_clinic_or_404(Study, request, study)
    embargo = embargoes.embargo_of(found.pk)
    if embargo is not None:
        embargoes.end(embargo, by=request.user)
        messages.success(request, "Let go. What is released of it can be seen as the patient agreed.")
    return redirect("deid:study", found.pk)
