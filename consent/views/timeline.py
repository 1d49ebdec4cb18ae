"""What happened, in order, to one patient's consents or to one picture: told by the trail, and on it when read."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.models import GrantImage, Purpose
from consent.reports import of_patient, of_picture
from ultrasound_portal.audit.events import Event, words
from ultrasound_portal.audit.models import Entry
from ultrasound_portal.audit.trail import record as record_event
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.clinics.actors import namer
from ultrasound_portal.patients.models import Patient
from ultrasound_portal.patients.services import display_name

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a timeline."""

    at: datetime
    what: str
    who: str
    purpose: str
    outcome: str
    grant_id: uuid.UUID | None


@requires(Capability.LEDGER)
@require_safe
def patient(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what happened to a patient's consents, links and pictures."""
    found = in_clinic_or_404(Patient, request, pk)
    _note(request, "patient", pk, patient_id=pk)
    return _page(request, display_name(found), of_patient(request.clinic, pk))


@requires(Capability.LEDGER)
@require_safe
def picture(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Show for what a picture was shown, and when a file of it was given."""
    if not GrantImage.objects.filter(picture_id=pk, grant__clinic=request.clinic).exists():
        raise Http404
    _note(request, "picture", pk)
    return _page(request, "One picture", of_picture(request.clinic, pk))


def _page(request: StaffRequest, title: str, entries: Any) -> HttpResponse:  # Any: entries, as a queryset
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": title, "page": page, "steps": _steps(list(page.object_list))}
    return render(request, "consent/timeline.html", context)


def _steps(entries: list[Entry]) -> list[Step]:
    name = namer(entry.actor for entry in entries)
    purposes = dict(Purpose.objects.values_list("code", "name"))
    return [
        Step(
            at=entry.at,
            what=words(Event(entry.event)),
            who=name(entry.actor),
            purpose=purposes.get(entry.purpose, ""),
            outcome=entry.outcome,
            grant_id=entry.grant_id,
        )
        for entry in entries
    ]


def _note(request: StaffRequest, what: str, pk: uuid.UUID, patient_id: uuid.UUID | None = None) -> None:
    with transaction.atomic():
        record_event(
            Event.CONSENT_LEDGER_READ,
            actor=actor_of(request),
            clinic_id=request.clinic.pk,
            object_kind=what,
            object_id=pk,
            patient_id=patient_id,
            detail={"timeline": what},
        )
