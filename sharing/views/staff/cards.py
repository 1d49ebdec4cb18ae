"""A patient's printed card is read at the desk; a person compares it with the pictures and says whose they are."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from deid.errors import EXPLANATIONS, ReviewRefused
from deid.models import Study
from deid.services import matching
from sharing.services import cards
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import identity_of, readable, readable_day
from ultrasound_portal.vault.errors import VaultError

UNREAD = "This is no card of this clinic, or it was not read whole. Scan it again, or fill in her name."
MATCHED = "Noted. The pictures are cleaned again, and her name is looked for in them."


class PatientForm(forms.Form):
    """The patient whose card was read, by key."""

    patient = forms.UUIDField()


@dataclass(frozen=True, slots=True)
class Person:
    """Who a card or a file says that she is."""

    name: str
    record_number: str
    birth_date: str


@require_POST
@requires(Capability.REVIEW)
def card_read(request: StaffRequest, study_id: UUID) -> HttpResponseBase:
    """Show whose card was read beside whose pictures these are; nothing is changed yet."""
    study = in_clinic_or_404(Study, request, study_id)
    patient = cards.patient_of(request.clinic, request.POST.get("card", ""))
    try:
        hers = None if patient is None else _person(patient)
        files = None if study.unmatched else _person(study.patient)
    except VaultError:
        hers = None
    if patient is None or hers is None:
        messages.error(request, UNREAD)
        return redirect("deid:study", study.pk)
    context = {
        "study": study,
        "patient": patient,
        "card": hers,
        "files": files,
        "same": patient.pk == study.patient_id,
    }
    return render(request, "sharing/staff/card.html", context)


@require_POST
@requires(Capability.REVIEW)
def card_matched(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Give the study to the patient of the card."""
    study = in_clinic_or_404(Study, request, study_id)
    form = PatientForm(request.POST)
    if not form.is_valid():
        messages.error(request, UNREAD)
        return redirect("deid:study", study.pk)
    patient = in_clinic_or_404(Patient, request, form.cleaned_data["patient"])
    try:
        matching.match(study, identity_of(patient), by=request.user, by_card=True)
    except ReviewRefused as refused:
        messages.error(request, EXPLANATIONS[refused.reason])
    except VaultError:
        messages.error(request, UNREAD)
    else:
        messages.success(request, MATCHED)
    return redirect("deid:study", study.pk)


def _person(patient: Patient) -> Person:
    identity = identity_of(patient)
    return Person(readable(identity.name), identity.record_number, readable_day(identity.birth_date))
