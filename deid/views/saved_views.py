"""The search for a patient, and the views that a person keeps of the worklist."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from deid.models import SavedView
from deid.views.worklist import filter_form
from deid.worklist_forms import SearchForm
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.patients import finding

MOST = 20


@require_POST
@requires(Capability.REVIEW)
def search(request: StaffRequest) -> HttpResponseBase:
    """Find patients and show their studies; the words are sent in the body, and only keys stand in the address."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return redirect("deid:worklist")
    keys = finding.search(request.clinic, form.cleaned_data["text"])
    if not keys:
        messages.info(request, "Nobody is found. Write whole words, the whole record number or the whole birth date.")
        return redirect("deid:worklist")
    return redirect(f"{reverse('deid:worklist')}?{urlencode([('patient', key) for key in keys])}")


@require_POST
@requires(Capability.REVIEW)
def keep(request: StaffRequest) -> HttpResponseBase:
    """Keep the filters as a view of one's own; never a patient, nor a day that passes."""
    query = filter_form(request, request.POST).query()
    mine = SavedView.objects.filter(clinic=request.clinic, by=request.user)
    if not query or mine.count() >= MOST:
        messages.error(request, f"Choose a filter first; {MOST} views can be kept.")
        return redirect("deid:worklist")
    SavedView.objects.get_or_create(clinic=request.clinic, by=request.user, query=query)
    return redirect(f"{reverse('deid:worklist')}?{query}")


@require_POST
@requires(Capability.REVIEW)
def drop(request: StaffRequest, view: UUID) -> HttpResponseBase:
    """Keep a view no longer."""
    get_object_or_404(SavedView, pk=view, clinic=request.clinic, by=request.user).delete()
    return redirect("deid:worklist")
