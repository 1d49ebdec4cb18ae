"""When something went wrong: stop everything of a study, work through the list, see who saw what, and decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from consent.capacity import profile_of
from deid.models import Study
from sharing.clocks import deadlines
from sharing.errors import IncidentRefused
from sharing.incident_forms import MOMENT, IncidentForm, OutcomeForm
from sharing.models import Incident, Link
from sharing.nicknames import nicknames_of
from sharing.services import incidents as service
from sharing.services.exposure import Exposure, Scope, exposures
from sharing.states import IncidentKind, IncidentOutcome, StepKind
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires
from ultrasound_portal.clinics.actors import namer
from ultrasound_portal.patients.services import display_name

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Look:
    """One line of who saw what; a link has the nickname that staff gave it."""

    exposure: Exposure
    who: str
    nickname: str


@requires(Capability.SHARE)
@require_http_methods(["GET", "HEAD", "POST"])
def incident_new(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Ask what happened; with a POST, stop everything of the study at once."""
    study = in_clinic_or_404(Study, request, study_id)
    form = IncidentForm(request.POST or None, initial={"known_at": timezone.localtime().strftime(MOMENT)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = service.open_incident(
                study,
                kind=IncidentKind(said["kind"]),
                account=said["account"],
                known_at=said["known_at"],
                by=request.user,
            )
        except IncidentRefused as refusal:
            form.add_error(None, refusal.reason.label)
        else:
            messages.success(
                request,
                f"Stopped: {made.links_closed} link(s) closed, {made.consents_rested} consent(s) rest. "
                "An administrator works through the steps under Incidents.",
            )
            return redirect("sharing:links", study.pk)
    links = Link.objects.filter(study=study, revoked_at=None).count()
    context = {"study": study, "patient_name": display_name(study.patient), "form": form, "link_count": links}
    return render(request, "sharing/staff/incident_new.html", context, status=422 if form.errors else 200)


@requires(Capability.AUDIT)
@require_safe
def incidents(request: StaffRequest) -> HttpResponse:
    """Show the clinic's incidents, those that are open first, each with the limit that ends next."""
    page = Paginator(service.incidents_of(request.clinic), PER_PAGE).get_page(request.GET.get("page"))
    now, profile = timezone.now(), profile_of(request.clinic)
    rows = [(one, deadlines(one.known_at, profile=profile.pk, at=now)[0]) for one in page.object_list]
    return render(request, "sharing/staff/incidents.html", {"page": page, "rows": rows})


@requires(Capability.AUDIT)
@require_safe
def incident(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one incident with its steps, its clocks and who saw what."""
    found = in_clinic_or_404(Incident, request, pk)
    service.note_reading(found, by=request.user)
    return _page(request, found, OutcomeForm())


@requires(Capability.INCIDENTS)
@require_POST
def step_done(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    """Note one step as done."""
    found = in_clinic_or_404(Incident, request, pk)
    if kind not in StepKind.values:
        raise Http404
    service.do_step(found, StepKind(kind), by=request.user)
    messages.success(request, f"Noted as done: {StepKind(kind).label.lower()}.")
    return redirect("sharing:incident", found.pk)


@requires(Capability.INCIDENTS)
@require_POST
def incident_close(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note what was decided and close the incident."""
    found = in_clinic_or_404(Incident, request, pk)
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            service.close_incident(found, IncidentOutcome(form.cleaned_data["outcome"]), by=request.user)
        except IncidentRefused as refusal:
            form.add_error(None, refusal.reason.label)
        else:
            messages.success(
                request, "The incident is closed. Its consents rest until each is decided on its own page."
            )
            return redirect("sharing:incident", found.pk)
    return _page(request, found, form, status=422)


def _page(request: StaffRequest, found: Incident, form: OutcomeForm, status: int = 200) -> HttpResponse:
    done = {step.kind: step for step in found.steps.select_related("done_by")}
    context = {
        "incident": found,
        "patient_name": display_name(found.study.patient),
        "account": service.account_of(found),
        "deadlines": deadlines(found.known_at, profile=profile_of(request.clinic).pk, at=timezone.now()),
        "steps": [done[kind] for kind in StepKind if kind in done],
        "looks": _looks(exposures(Scope(clinic_id=request.clinic.pk, study_id=found.study_id))),
        "form": form,
    }
    return render(request, "sharing/staff/incident.html", context, status=status)


def _looks(found: Sequence[Exposure]) -> list[Look]:
    name = namer(one.actor for one in found)
    keys = {one.actor.removeprefix("link:") for one in found if one.actor.startswith("link:")}
    nicknames = {f"link:{key}": nickname for key, nickname in nicknames_of(Link.objects.filter(pk__in=keys)).items()}
    return [Look(one, name(one.actor), nicknames.get(one.actor, "")) for one in found]
