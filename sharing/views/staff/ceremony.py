"""Consent at the desk: one card per purpose, answers checked before they count, and what was recorded."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consent.errors import ConsentRefused
from consent.models import Grant, Purpose, Wording
from consent.services import ShownArtefact, live_wording, offered_purposes
from consent.states import STANDING, GrantState, SigningMethod
from deid.models import Study
from sharing import access
from sharing.access import Picture
from sharing.forms import SittingForm
from sharing.services.sitting import digest_of, on_record, record_sitting
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.patients.services import display_name


@dataclass(frozen=True, slots=True)
class Table:
    """What lies on the table when consent is asked for."""

    study: Study
    pictures: list[Picture]
    wordings: list[Wording]
    unworded: list[Purpose]
    present: dict[str, Grant]

    @property
    def shown(self) -> list[ShownArtefact]:
        """Every file that the patient may get of the pictures on the page."""
        return [
            ShownArtefact(file.picture_id, file.artefact_id, file.sha256, file.kind.value)
            for picture in self.pictures
            for file in picture.files
        ]

    def form(self, data: Any = None) -> SittingForm:  # data: QueryDict or None, as Django's own Form takes it
        """Return the form of this table, bound to the answers if there are any."""
        return SittingForm(
            data,
            wordings=self.wordings,
            present={code: on_record(grant, self.shown) for code, grant in self.present.items()},
            shown=digest_of(self.shown, self.wordings),
        )


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ceremony(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Show the cards; check the answers; record them once they were read back."""
    table = _table(in_clinic_or_404(Study, request, study_id))
    if request.method != "POST" or not table.pictures:
        return _cards(request, table, table.form())
    form = table.form(request.POST)
    step = request.POST.get("step", "check")
    if not form.is_valid() or step == "change":
        return _cards(request, table, form)
    if step == "check":
        return render(request, "sharing/staff/check.html", _context(table, form) | {"answers": form.answers()})
    try:
        record_sitting(
            form.answers(),
            study=table.study,
            shown=table.shown,
            signer_name=form.cleaned_data["name"],
            method=SigningMethod(form.cleaned_data["method"]),
            by=request.user,
        )
    except ConsentRefused as refusal:
        form.add_error(None, refusal.explanation)
        return _cards(request, table, form)
    return redirect("sharing:recorded", study_id)


@requires(Capability.CONSENT)
@require_safe
def recorded(request: StaffRequest, study_id: UUID) -> HttpResponse:
    """Show what is on record now for the study, and lead on to a link for each yes."""
    study = in_clinic_or_404(Study, request, study_id)
    grants = _standing(study, list(offered_purposes(request.clinic)))
    context = {
        "study": study,
        "patient_name": display_name(study.patient),
        "grants": list(grants.values()),
        "may_share": can(request.membership, Capability.SHARE),
    }
    return render(request, "sharing/staff/recorded.html", context)


def _cards(request: StaffRequest, table: Table, form: SittingForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sharing/staff/ceremony.html", _context(table, form), status=status)


def _context(table: Table, form: SittingForm) -> dict[str, Any]:
    return {
        "study": table.study,
        "patient_name": display_name(table.study.patient),
        "clinic": table.study.clinic,
        "pictures": table.pictures,
        "unworded": table.unworded,
        "form": form,
    }


def _table(study: Study) -> Table:
    purposes = list(offered_purposes(study.clinic))
    wordings, unworded = _wordings(purposes)
    return Table(
        study=study,
        pictures=access.released(study.pk),
        wordings=wordings,
        unworded=unworded,
        present=_standing(study, purposes),
    )


def _wordings(purposes: list[Purpose]) -> tuple[list[Wording], list[Purpose]]:
    """Return the live wordings, and the purposes that cannot be asked for because they have none."""
    wordings, unworded = [], []
    for purpose in purposes:
        try:
            wordings.append(live_wording(purpose.pk))
        except ConsentRefused:
            unworded.append(purpose)
    return wordings, unworded


def _standing(study: Study, purposes: list[Purpose]) -> dict[str, Grant]:
    """Return the present answers about a study by purpose; a yes that has ended is no answer."""
    now = timezone.now()
    standing = (
        Grant.objects.filter(patient_id=study.patient_id, purpose__in=purposes, scope_id=study.pk, state__in=STANDING)
        .select_related("wording__purpose")
        .prefetch_related("images")
    )
    return {
        grant.purpose_id: grant
        for grant in standing.order_by("purpose__order")
        if grant.state_at(now) != GrantState.EXPIRED
    }
