"""The proof sheet of a picture: on the review page in short, and whole on a page to be printed."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deid.engine.findings import Flag
from deid.engine.geometry import Box
from deid.models import Approval, Artefact, Edit, Embargo, Instance, Run
from deid.services.proof import ProofSheet, proof_of
from deid.states import ArtefactKind, LiftReason
from deid.views.wording import SECOND_LOOK, STAGES, WHY, explain
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires


@dataclass(frozen=True, slots=True)
class Line:
    """One reason of the sheet in words; `share` in percent of the picture."""

    why: str
    words: str
    places: int
    share: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proof sheet as the page shows it; shares in percent, `seconds` with the words of each stage."""

    run: Run
    proof: ProofSheet
    lines: tuple[Line, ...]
    share: float
    second_look: str
    seconds: tuple[tuple[str, float], ...]
    sex_words: bool


def sheet_of(run: Run | None) -> Sheet | None:
    """Return the sheet of a run in words, or None before there is a run."""
    if run is None:
        return None
    found = proof_of(run)
    return Sheet(
        run=run,
        proof=found,
        lines=tuple(Line(one.why, WHY[one.why], one.places, 100 * one.share) for one in found.covered),
        share=100 * found.share,
        second_look=SECOND_LOOK[found.second_look],
        seconds=tuple((STAGES.get(stage, stage.capitalize()), spent) for stage, spent in found.seconds),
        sex_words=Flag.FETAL_SEX in found.flags,
    )


@require_safe
@requires(Capability.REVIEW)
def proof(request: StaffRequest, instance: UUID) -> HttpResponse:
    """Show the whole sheet with the digests of the files, for whoever checks the clinic's work."""
    found = in_clinic_or_404(Instance, request, instance)
    sheet = sheet_of(found.current_run)
    if sheet is None:
        raise Http404
    files = {file.kind: file for file in Artefact.objects.filter(instance=found, run=found.current_run)}
    context = {
        "instance": found,
        "sheet": sheet,
        "reason": explain(found.reason),
        "files": [files[kind] for kind in ArtefactKind if kind in files],
        "boxes": [Box.from_json(values) for values in sheet.run.report["boxes"]],
        "after": files.get(ArtefactKind.STILL_PNG),
        "approvals": Approval.objects.filter(instance=found).select_related("by"),
        "edits": _edits(found),
        "lifts": [LiftReason(one["reason"]).label for one in found.lifts],
        "embargoes": Embargo.objects.filter(study=found.study_id).select_related("placed_by", "ended_by"),
    }
    return render(request, "deid/proof.html", context)


def _edits(instance: Instance) -> list[tuple[Edit, int, int]]:
    """Return who changed the covers when, with how many covers and open places there were afterwards."""
    edits = instance.edits.filter(by__isnull=False).select_related("by")
    return [(edit, len(edit.covers), len(edit.lifts)) for edit in edits]
