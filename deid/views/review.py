"""One picture under review: before beside after, what was found, and every step that is open."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from deid.engine.errors import HoldReason
from deid.engine.geometry import Box
from deid.forms import CoverForm, CoverFormSet, RejectForm, ReleaseForm, SexMarkForm
from deid.models import Artefact, Instance
from deid.services import recleaning, sex_mark
from deid.services import review as service
from deid.states import UNSETTLED, ArtefactKind, InstanceState
from deid.views.live import fingerprint, unchanged
from deid.views.proof import sheet_of
from deid.views.steps import WAITING, take
from deid.views.wording import WHY, explain
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.patients.services import display_name


@dataclass(frozen=True, slots=True)
class Shown:
    """A box in the list and on the picture; frames are counted from 1."""

    box: Box
    words: str
    first: int
    last: int


@require_safe
@requires(Capability.REVIEW)
def review(request: StaffRequest, instance: UUID) -> HttpResponse:
    """Show the picture as it came beside what would leave, and every step that is open."""
    found = in_clinic_or_404(Instance, request, instance)
    mark = _mark(found)
    if unchanged(request, mark):
        return HttpResponse(status=204)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return _page(request, found, CoverFormSet(prefix="cover"))


@require_POST
@requires(Capability.REVIEW)
def cover(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Cover more and clean again."""
    found = in_clinic_or_404(Instance, request, instance)
    forms = CoverFormSet(request.POST, prefix="cover")
    if not forms.is_valid():
        return _page(request, found, forms, status=422)
    boxes = [form.box(found.frames) for form in forms if form.has_changed()]
    if not boxes:
        messages.error(request, "Draw a cover on the picture or fill in its numbers first.")
        return redirect("deid:review", found.pk)
    return take(
        request,
        found,
        lambda: service.add_boxes(found, boxes, by=request.user),
        "Covered. It is being cleaned again.",
    )


def _page(
    request: StaffRequest, instance: Instance, covers: "BaseFormSet[CoverForm]", *, status: int = 200
) -> HttpResponse:
    files = {file.kind: file for file in Artefact.objects.filter(instance=instance, run=instance.current_run)}
    siblings = list(Instance.objects.filter(study_id=instance.study_id).order_by("number").values_list("pk", flat=True))
    place = siblings.index(instance.pk)
    gone = instance.original_destroyed_at is not None
    context = {
        "instance": instance,
        "patient_name": display_name(instance.study.patient),
        "place": place + 1,
        "total": len(siblings),
        "previous": siblings[place - 1] if place else None,
        "following": siblings[place + 1] if place + 1 < len(siblings) else None,
        "reason": explain(instance.reason),
        "mark": _mark(instance),
        "busy": instance.state in UNSETTLED,
        "before": files.get(ArtefactKind.SOURCE_STILL),
        "before_film": files.get(ArtefactKind.SOURCE_FILM),
        "after": files.get(ArtefactKind.STILL_PNG),
        "after_film": files.get(ArtefactKind.FILM),
        "boxes": _boxes(instance),
        "origin": instance.current_run.report.get("origin", [0, 0]) if instance.current_run else [0, 0],
        "versions": list(_other_versions(instance)),
        "covers": covers,
        "sheet": sheet_of(instance.current_run),
        "release_form": ReleaseForm(initial={"run": instance.current_run_id}),
        "reject_form": RejectForm(),
        "sex_form": SexMarkForm(),
        "confirmable": service.is_confirmable(instance),
        "is_page_of_text": instance.reason == HoldReason.REPORT_PAGE,
        "can_mark_sex": instance.state in sex_mark.MARKABLE,
        "behind": recleaning.is_behind(instance),
        "may_release": can(request.membership, Capability.RELEASE),
        "can_cover": not gone and instance.state in {InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED},
        "can_reject": instance.state in set(WAITING),
        "can_try_again": not gone and instance.state in {InstanceState.HELD, InstanceState.FAILED},
    }
    return render(request, "deid/review.html", context, status=status)


def _mark(instance: Instance) -> str:
    return fingerprint(instance.state, instance.reason, str(instance.current_run_id), str(instance.tells_sex))


def _other_versions(instance: Instance) -> QuerySet[Instance]:
    """Return the pictures that the machine numbered as the same instance and sent with other bytes."""
    same = Instance.objects.filter(clinic_id=instance.clinic_id, sop_match=instance.sop_match)
    return same.exclude(pk=instance.pk).order_by("received_at")


def _boxes(instance: Instance) -> list[Shown]:
    run = instance.current_run
    stored = [] if run is None else run.report["boxes"]
    boxes = [Box.from_json(values) for values in stored]
    return [Shown(box, WHY[box.why], box.first_frame + 1, box.last_frame + 1) for box in boxes]
