"""Changes of what is covered: own boxes, covers taken away and put back, and the last change undone."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deid.cover_forms import EditionForm, LiftForm, RestoreForm, covers_of
from deid.engine.geometry import Box
from deid.errors import EXPLANATIONS, ReviewRefusal, ReviewRefused
from deid.models import Instance
from deid.services import covers as service
from deid.states import LiftReason
from deid.views.review import page, sides_of
from deid.views.steps import take
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires

NONE_SEEN = -1
AGAIN = "It is being cleaned again."


@require_POST
@requires(Capability.REVIEW)
def cover(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Put the rows that were sent in the place of all own covers; rows that are not taken stay on the page."""
    found = in_clinic_or_404(Instance, request, instance)
    sides = sides_of(found)
    rows = covers_of((), sides, request.POST)
    if not rows.is_valid():
        return page(request, found, rows, status=422)
    boxes = rows.boxes()
    try:
        service.edit(found, boxes, by=request.user, edition=_edition(request))
    except ReviewRefused as refused:
        messages.error(request, EXPLANATIONS[refused.reason])
        if refused.reason is ReviewRefusal.UNCHANGED:
            return redirect("deid:review", found.pk)
        found.refresh_from_db()
        theirs = [Box.from_json(box) for box in found.covers]
        both = [*theirs, *(box for box in boxes if box not in theirs)]
        return page(request, found, covers_of(both, sides), status=409)
    messages.success(request, f"The covers are changed. {AGAIN}")
    return redirect("deid:review", found.pk)


@require_POST
@requires(Capability.REVIEW)
def lift(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Take a cover of the engine away, for a reason."""
    found = in_clinic_or_404(Instance, request, instance)
    form = LiftForm(request.POST)
    if not form.is_valid():
        return _refused(request, found, "Choose from the list what the cover hides first.")
    run = found.current_run
    boxes = run.report["boxes"] if run is not None and run.pk == form.cleaned_data["run"] else []
    if form.cleaned_data["box"] >= len(boxes):
        return _refused(request, found, EXPLANATIONS[ReviewRefusal.STATE])
    box = Box.from_json(boxes[form.cleaned_data["box"]])
    reason, edition = LiftReason(form.cleaned_data["reason"]), form.cleaned_data["edition"]
    return _taken(
        request, found, lambda: service.lift(found, box, reason=reason, by=request.user, edition=edition), "Taken away."
    )


@require_POST
@requires(Capability.REVIEW)
def restore(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Put a cover back that was taken away."""
    found = in_clinic_or_404(Instance, request, instance)
    form = RestoreForm(request.POST)
    said = form.cleaned_data if form.is_valid() else {"number": NONE_SEEN, "edition": NONE_SEEN}
    return _taken(
        request,
        found,
        lambda: service.restore(found, said["number"], by=request.user, edition=said["edition"]),
        "Covered again.",
    )


@require_POST
@requires(Capability.REVIEW)
def undo(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Undo the last change of the covers, whoever made it."""
    found = in_clinic_or_404(Instance, request, instance)
    edition = _edition(request)
    return _taken(request, found, lambda: service.undo(found, by=request.user, edition=edition), "Undone.")


def _edition(request: StaffRequest) -> int:
    """Return the edition that the page showed; a form that does not tell has seen none."""
    form = EditionForm(request.POST)
    edition: int = form.cleaned_data["edition"] if form.is_valid() else NONE_SEEN
    return edition


def _taken(request: StaffRequest, found: Instance, step: Callable[[], object], done: str) -> HttpResponseBase:
    return take(request, found, step, f"{done} {AGAIN}")


def _refused(request: StaffRequest, found: Instance, words: str) -> HttpResponseBase:
    messages.error(request, words)
    return redirect("deid:review", found.pk)
