"""The ledger: every answer of the clinic's patients, newest first, without a name."""

import uuid

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from consent.forms import LedgerFilter
from consent.models import Grant
from consent.models.grant import GrantQuerySet
from consent.states import GrantState
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record as record_event
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, requires

PER_PAGE = 25


@requires(Capability.LEDGER)
@require_safe
def ledger(request: StaffRequest) -> HttpResponse:
    """Show one page of the ledger, and record that it was read."""
    now = timezone.now()
    narrowing = LedgerFilter(request.GET)
    grants = _narrowed(Grant.objects.filter(clinic=request.clinic), narrowing)
    rows = grants.select_related("purpose", "wording", "record__opened_by").annotate(pictures=Count("images"))
    page = Paginator(rows.order_by("-valid_from", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    lines = [(grant, grant.state_at(now)) for grant in page.object_list]
    with transaction.atomic():
        record_event(
            Event.CONSENT_LEDGER_READ,
            actor=actor_of(request),
            clinic_id=request.clinic.pk,
            patient_id=_patient(narrowing),
            detail={"page": page.number, "rows": len(lines)},
        )
    context = {
        "form": narrowing,
        "page": page,
        "lines": lines,
        "one_patient": _patient(narrowing),
        "narrowed": any(request.GET.get(name) for name in narrowing.fields),
    }
    return render(request, "consent/ledger.html", context)


def _narrowed(grants: GrantQuerySet, narrowing: LedgerFilter) -> GrantQuerySet:
    """The grants the filter asks for; a filter that makes no sense finds none."""
    if not narrowing.is_valid():
        return grants.none()
    asked = narrowing.cleaned_data
    if asked["purpose"]:
        grants = grants.filter(purpose=asked["purpose"])
    if asked["state"]:
        grants = grants.in_state(GrantState(asked["state"]), timezone.now())
    if asked["patient"]:
        grants = grants.filter(patient_id=asked["patient"])
    return grants


def _patient(narrowing: LedgerFilter) -> uuid.UUID | None:
    return narrowing.cleaned_data.get("patient")
