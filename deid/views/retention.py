"""What is kept how long: the clinic's rules, what will go when, and what is kept for a legal reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from deid.forms import HoldForm, RetentionForm
from deid.models import Instance, LegalHold, Study
from deid.services import legal_holds, retention
from deid.services.retention import Rule
from deid.states import HoldGround
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.patients.services import display_names

SOON = timedelta(days=30)
STUDIES_SHOWN = 50
RULES = {
    Rule.RELEASED: "Originals of released pictures",
    Rule.REJECTED: "Rejected pictures",
    Rule.ABANDONED: "Pictures that nobody released",
}


@dataclass(frozen=True, slots=True)
class Going:
    """One study of which something goes soon: its patient's name, how many pictures, and when the first one goes."""

    study_id: UUID
    name: str
    pictures: int
    first: datetime


@requires(Capability.RETENTION)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: StaffRequest) -> HttpResponse:
    """Show the rules with what they take, or change them."""
    if request.method != "POST":
        return _page(request, RetentionForm(initial={name: getattr(request.clinic, name) for name in _fields()}))
    form = RetentionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    retention.change_rules(request.clinic, by=request.user, **{name: form.cleaned_data[name] for name in _fields()})
    messages.success(request, "Saved. What is due by the changed rules goes within an hour.")
    return redirect("deid:retention")


@require_POST
@requires(Capability.RETENTION)
def hold(request: StaffRequest) -> HttpResponse:
    """Keep a study for a legal reason."""
    form = HoldForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose why the study must be kept. Nothing was changed.")
        return redirect("deid:retention")
    study = in_clinic_or_404(Study, request, form.cleaned_data["study"])
    legal_holds.place(study, ground=HoldGround(form.cleaned_data["ground"]), by=request.user)
    messages.success(request, "Everything of this study is kept until you let it go again.")
    return redirect("deid:retention")


@require_POST
@requires(Capability.RETENTION)
def lift(request: StaffRequest, hold: UUID) -> HttpResponse:
    """Let a study go again."""
    found = get_object_or_404(LegalHold, pk=hold, study__clinic=request.clinic)
    legal_holds.lift(found, by=request.user)
    messages.success(request, "The study follows the clinic's rules again.")
    return redirect("deid:retention")


def _fields() -> tuple[str, ...]:
    return tuple(RetentionForm.base_fields)


def _page(request: StaffRequest, form: RetentionForm, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    holds = list(legal_holds.holds_of(request.clinic))
    names = display_names([hold.study.patient for hold in holds])
    context = {
        "form": form,
        "forecasts": [(RULES[line.rule], line) for line in retention.forecast(request.clinic, now)],
        "gone": Instance.objects.filter(clinic=request.clinic, original_destroyed_at__isnull=False).count(),
        "going": _going(request.clinic, now),
        "shown_at_most": STUDIES_SHOWN,
        "grounds": HoldGround.choices,
        "holds": [(hold, names[hold.study.patient_id]) for hold in holds],
    }
    return render(request, "deid/retention.html", context, status=status)


def _going(clinic: Clinic, now: datetime) -> list[Going]:
    """Return the studies of which something goes within a month, the soonest first."""
    firsts: dict[UUID, tuple[datetime, int]] = {}
    for rule in Rule:
        days = clinic.abandoned_after_days if rule is Rule.ABANDONED else clinic.originals_kept_days
        since = "released_at" if rule is Rule.RELEASED else "changed_at"
        for study, moment in retention.due(clinic, rule, now + SOON).values_list("study", since):
            first, number = firsts.get(study, (moment + timedelta(days=days), 0))
            firsts[study] = min(first, moment + timedelta(days=days)), number + 1
    soonest = sorted(firsts, key=lambda study: firsts[study][0])[:STUDIES_SHOWN]
    studies = Study.objects.select_related("patient").in_bulk(soonest)
    names = display_names([study.patient for study in studies.values()])
    return [
        Going(key, names[studies[key].patient_id], pictures=firsts[key][1], first=max(now, firsts[key][0]))
        for key in soonest
    ]
