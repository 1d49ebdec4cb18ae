"""The ledger: every answer of the clinic's patients, newest first, without a name; reading it is on the trail."""

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from consent import exports
from consent.forms import FindForm, LedgerFilter
from consent.models import Grant, GrantImage
from consent.models.grant import GrantQuerySet
from consent.reports import REPORTS, narrowed
from consent.todo import open_tasks
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record as record_event
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.clinics.sign_ins import VERY_FRESH
from ultrasound_portal.patients.services import Identity, find

PER_PAGE = 25
TASKS_SHOWN = 10
BATCH = 500


@requires(Capability.LEDGER)
@require_safe
def ledger(request: StaffRequest) -> HttpResponse:
    """Show one page of the ledger, and record that it was read."""
    now = timezone.now()
    narrowing, grants = _asked(request)
    rows = grants.select_related("purpose", "wording", "record__opened_by", "record__capacity")
    page = Paginator(rows.order_by("-valid_from", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    lines = list(page.object_list)
    counts = _files_shown(lines)
    _note(request, Event.CONSENT_LEDGER_READ, narrowing, page=page.number, rows=len(lines))
    tasks = open_tasks(request.clinic)
    context = {
        "form": narrowing,
        "find": FindForm(),
        "page": page,
        "lines": [(grant, grant.state_at(now), counts.get(grant.pk, 0)) for grant in lines],
        "one_patient": _patient(narrowing),
        "narrowed": any(request.GET.get(name) for name in narrowing.fields),
        "reports": [(report, urlencode(report.query)) for report in REPORTS],
        "tasks": tasks[:TASKS_SHOWN],
        "task_count": tasks.count(),
        "query": request.GET.urlencode(),
    }
    return render(request, "consent/ledger.html", context)


@requires(Capability.LEDGER)
@require_POST
def find_patient(request: StaffRequest) -> HttpResponse:
    """Lead to the answers of the one patient that has this name, record number and date of birth."""
    form = FindForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        born = said["birth_date"].strftime("%Y%m%d") if said["birth_date"] else ""
        identity = Identity(name=said["name"], record_number=said["record_number"], birth_date=born)
        patient = find(request.clinic, identity)
        if patient:
            return redirect(f"{reverse('consent:ledger')}?{urlencode({'patient': str(patient.pk)})}")
    messages.info(
        request,
        "No patient has exactly this name, record number and date of birth. Write all three as the study gives them.",
    )
    return redirect("consent:ledger")


@requires(Capability.LEDGER, proved_within=VERY_FRESH, even_to_read=True)
@require_safe
def as_csv(request: StaffRequest) -> HttpResponseBase:
    """Give the narrowed ledger as a spreadsheet's file, piece by piece."""
    narrowing, grants = _asked(request)
    rows = grants.select_related("wording", "record__opened_by", "record__capacity")
    rows = rows.prefetch_related("record__signatures").order_by("-valid_from", "pk")
    _note(request, Event.CONSENT_EXPORTED, narrowing, form="csv")
    response = StreamingHttpResponse(_bytes(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="consents.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@requires(Capability.LEDGER, proved_within=VERY_FRESH, even_to_read=True)
@require_safe
def as_fhir(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Give one answer as a FHIR R4 Consent for the patient's chart."""
    found = in_clinic_or_404(Grant, request, pk)
    with transaction.atomic():
        record_event(
            Event.CONSENT_EXPORTED,
            actor=actor_of(request),
            clinic_id=request.clinic.pk,
            object_kind="grant",
            object_id=found.pk,
            patient_id=found.patient_id,
            purpose=found.purpose_id,
            grant_id=found.pk,
            detail={"form": "fhir"},
        )
    return JsonResponse(
        exports.fhir_consent(found, timezone.now()),
        content_type="application/fhir+json",
        headers={"Content-Disposition": 'attachment; filename="consent.json"', "Cache-Control": "private, no-store"},
    )


def _asked(request: StaffRequest) -> tuple[LedgerFilter, GrantQuerySet]:
    """The filter and the grants it asks for; a filter that makes no sense finds none."""
    narrowing = LedgerFilter(request.GET, clinic=request.clinic)
    grants = Grant.objects.filter(clinic=request.clinic)
    return narrowing, narrowed(grants, narrowing.cleaned_data) if narrowing.is_valid() else grants.none()


def _files_shown(grants: list[Grant]) -> dict[uuid.UUID, int]:
    """How many files each of a page's grants covers, with one query over that page alone."""
    counted = GrantImage.objects.filter(grant__in=grants).values_list("grant").annotate(files=Count("pk")).order_by()
    return dict(counted)


def _bytes(rows: GrantQuerySet) -> Iterator[bytes]:
    for line in exports.lines(rows.iterator(chunk_size=BATCH), timezone.now()):
        yield line.encode()


def _note(request: StaffRequest, event: Event, narrowing: LedgerFilter, **detail: str | int) -> None:
    with transaction.atomic():
        record_event(
            event,
            actor=actor_of(request),
            clinic_id=request.clinic.pk,
            patient_id=_patient(narrowing),
            detail=detail,
        )


def _patient(narrowing: LedgerFilter) -> uuid.UUID | None:
    return narrowing.cleaned_data.get("patient") if narrowing.is_valid() else None
