"""One picture under review: before beside after, covers, and the reviewer's steps."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from deid.engine.geometry import Box
from deid.errors import EXPLANATIONS, ReviewRefused
from deid.forms import CoverForm, CoverFormSet, RejectForm, ReleaseForm
from deid.models import Artefact, Instance
from deid.services import review as service
from deid.states import UNSETTLED, ArtefactKind, InstanceState, Refusal
from deid.views.live import fingerprint, unchanged
from deid.views.wording import WHY, explain
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.patients.services import display_name

WAITING = (InstanceState.HELD, InstanceState.CLEAN, InstanceState.FAILED)


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
    mark = fingerprint(found.state, found.reason, str(found.current_run_id))
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
    return _step(
        request,
        found,
        lambda: service.add_boxes(found, boxes, by=request.user),
        "Covered. It is being cleaned again.",
    )


@require_POST
@requires(Capability.RELEASE)
def release(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Release the picture and go on to the next that waits."""
    found = in_clinic_or_404(Instance, request, instance)
    form = ReleaseForm(request.POST)
    seen = form.cleaned_data["run"] if form.is_valid() else None
    confirmed = form.is_valid() and form.cleaned_data["confirmed"]
    return _step(
        request,
        found,
        lambda: service.release(found, by=request.user, seen=seen, confirmed=confirmed),
        f"Picture {found.number} is released.",
        onward=True,
    )


@require_POST
@requires(Capability.REVIEW)
def reject(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Keep the picture from being shared and go on to the next that waits."""
    found = in_clinic_or_404(Instance, request, instance)
    form = RejectForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a reason from the list first.")
        return redirect("deid:review", found.pk)
    reason = Refusal(form.cleaned_data["reason"])
    return _step(
        request,
        found,
        lambda: service.reject(found, by=request.user, reason=reason),
        f"Picture {found.number} is rejected.",
        onward=True,
    )


@require_POST
@requires(Capability.RELEASE)
def undo(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Take a release back."""
    found = in_clinic_or_404(Instance, request, instance)
    return _step(
        request,
        found,
        lambda: service.undo_release(found, by=request.user),
        "The release is taken back. Links no longer show this picture.",
    )


@require_POST
@requires(Capability.REVIEW)
def again(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Clean the picture once more."""
    found = in_clinic_or_404(Instance, request, instance)
    return _step(request, found, lambda: service.try_again(found, by=request.user), "It is being cleaned again.")


def _step(
    request: StaffRequest,
    instance: Instance,
    step: Callable[[], object],
    done: str,
    *,
    onward: bool = False,
) -> HttpResponseBase:
    """Take a step and say how it went; `onward` goes to the study's next waiting picture."""
    try:
        step()
    except ReviewRefused as refused:
        messages.error(request, EXPLANATIONS[refused.reason])
        return redirect("deid:review", instance.pk)
    messages.success(request, done)
    if not onward:
        return redirect("deid:review", instance.pk)
    following = _next_waiting(instance)
    if following is None:
        return redirect("deid:study", instance.study_id)
    return redirect("deid:review", following)


def _next_waiting(instance: Instance) -> UUID | None:
    """Return the study's next picture that waits for a person, after this one and then from the start."""
    waiting = Instance.objects.filter(study_id=instance.study_id, state__in=WAITING).exclude(pk=instance.pk)
    keys = list(waiting.order_by("number").values_list("number", "pk"))
    later = [pk for number, pk in keys if number > instance.number]
    return next(iter(later or [pk for _, pk in keys]), None)


def _page(
    request: StaffRequest, instance: Instance, covers: "BaseFormSet[CoverForm]", *, status: int = 200
) -> HttpResponse:
    files = {file.kind: file for file in Artefact.objects.filter(instance=instance, run=instance.current_run)}
    siblings = list(Instance.objects.filter(study_id=instance.study_id).order_by("number").values_list("pk", flat=True))
    place = siblings.index(instance.pk)
    context = {
        "instance": instance,
        "patient_name": display_name(instance.study.patient),
        "place": place + 1,
        "total": len(siblings),
        "previous": siblings[place - 1] if place else None,
        "following": siblings[place + 1] if place + 1 < len(siblings) else None,
        "reason": explain(instance.reason),
        "mark": fingerprint(instance.state, instance.reason, str(instance.current_run_id)),
        "busy": instance.state in UNSETTLED,
        "before": files.get(ArtefactKind.SOURCE_STILL),
        "before_film": files.get(ArtefactKind.SOURCE_FILM),
        "after": files.get(ArtefactKind.STILL_PNG),
        "after_film": files.get(ArtefactKind.FILM),
        "boxes": _boxes(instance),
        "versions": list(_other_versions(instance)),
        "covers": covers,
        "release_form": ReleaseForm(initial={"run": instance.current_run_id}),
        "reject_form": RejectForm(),
        "confirmable": service.is_confirmable(instance),
        "may_release": can(request.membership, Capability.RELEASE),
        "can_cover": instance.state in {InstanceState.CLEAN, InstanceState.HELD, InstanceState.RELEASED},
        "can_reject": instance.state in set(WAITING),
        "can_try_again": instance.state in {InstanceState.HELD, InstanceState.FAILED},
    }
    return render(request, "deid/review.html", context, status=status)


def _other_versions(instance: Instance) -> QuerySet[Instance]:
    """Return the pictures that the machine numbered as the same instance and sent with other bytes."""
    same = Instance.objects.filter(clinic_id=instance.clinic_id, sop_match=instance.sop_match)
    return same.exclude(pk=instance.pk).order_by("received_at")


def _boxes(instance: Instance) -> list[Shown]:
    run = instance.current_run
    stored = [] if run is None else run.report["boxes"]
    boxes = [Box.from_json(values) for values in stored]
    return [Shown(box, WHY[box.why], box.first_frame + 1, box.last_frame + 1) for box in boxes]
