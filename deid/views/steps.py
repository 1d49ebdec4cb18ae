"""A reviewer's steps on one picture, each a form that is sent: find clean, release, reject, take back, and more."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from deid.errors import EXPLANATIONS, ReviewRefused
from deid.forms import RejectForm, ReleaseForm, SexMarkForm
from deid.gate_forms import ShownForm
from deid.models import Instance
from deid.services import review as service
from deid.services import sex_mark, showings
from deid.states import InstanceState, Refusal, SexMarkReason
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires
from ultrasound_portal.clinics.sign_ins import FRESH

WAITING = (InstanceState.HELD, InstanceState.CLEAN, InstanceState.FAILED)
_SILENCE = {"run": None, "confirmed": False, "sex_wanted": False}


@require_POST
@requires(Capability.REVIEW)
def find_clean(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Say that the picture is clean and go on to the next that waits."""
    found = in_clinic_or_404(Instance, request, instance)
    said = _said(request, found)
    return take(
        request,
        found,
        lambda: service.find_clean(found, by=request.user, seen=said["run"], confirmed=said["confirmed"]),
        f"Picture {found.number} is found clean. Somebody else releases it.",
        onward=True,
    )


@require_POST
@requires(Capability.RELEASE, proved_within=FRESH)
def release(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Release the picture and go on to the next that waits."""
    found = in_clinic_or_404(Instance, request, instance)
    said = _said(request, found)
    return take(
        request,
        found,
        lambda: service.release(
            found, by=request.user, seen=said["run"], confirmed=said["confirmed"], sex_wanted=said["sex_wanted"]
        ),
        f"Picture {found.number} is released.",
        onward=True,
    )


@require_POST
@requires(Capability.REVIEW)
def shown(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Write down which frames stood on the screen; nothing (204) is answered."""
    found = in_clinic_or_404(Instance, request, instance)
    form = ShownForm(request.POST)
    if not form.is_valid() or found.current_run is None or found.current_run_id != form.cleaned_data["run"]:
        return HttpResponse(status=409)
    showings.note_frames(found.current_run, form.cleaned_data["frames"], by=request.user)
    return HttpResponse(status=204)


def _said(request: StaffRequest, instance: Instance) -> Mapping[str, Any]:
    """Return what the form says, after the frames that it tells of are written down."""
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _SILENCE
    said = form.cleaned_data
    if said["frames"] and instance.current_run is not None and said["run"] == instance.current_run_id:
        showings.note_frames(instance.current_run, said["frames"], by=request.user)
    return said


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
    return take(
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
    return take(
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
    return take(request, found, lambda: service.try_again(found, by=request.user), "It is being cleaned again.")


@require_POST
@requires(Capability.REVIEW)
def mark_sex(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Mark the picture as one that may tell the sex."""
    found = in_clinic_or_404(Instance, request, instance)
    return take(
        request,
        found,
        lambda: sex_mark.set_mark(found, by=request.user),
        "Marked: it may tell the sex. It is released only where the family wants to know.",
    )


@require_POST
@requires(Capability.RELEASE)
def unmark_sex(request: StaffRequest, instance: UUID) -> HttpResponseBase:
    """Take the mark away, for a reason."""
    found = in_clinic_or_404(Instance, request, instance)
    form = SexMarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a reason from the list first.")
        return redirect("deid:review", found.pk)
    reason = SexMarkReason(form.cleaned_data["reason"])
    return take(
        request,
        found,
        lambda: sex_mark.lift_mark(found, by=request.user, reason=reason),
        "The mark is taken away, and your reason is on the trail.",
    )


def take(
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
