"""What the desk does to one answer: a missing name is added, it rests, it holds again, or it is corrected."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from consent import todo
from consent.ending import mark_in_error, resume, suspend
from consent.errors import ConsentRefused
from consent.forms import CorrectionForm, SignatureForm, StandingForm, SuspensionForm
from consent.models import Grant, Task
from consent.services import add_signature, missing_roles
from consent.standing import note_death, note_incapacity
from consent.states import SignerRole, SigningMethod, SuspensionCause
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take a missing name under an answer that waits."""
    found = in_clinic_or_404(Grant, request, pk)
    form = SignatureForm(request.POST or None, roles=missing_roles(found))

    def act(said: dict[str, Any]) -> None:
        role, method = SignerRole(said["role"]), SigningMethod(said["method"])
        add_signature(found, role, said["name"], method=method, by=request.user)

    return _asked(request, found, form, "sign", act, "The signature is recorded.")


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def suspension(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a yes rest at once; a task asks staff to decide."""
    found = in_clinic_or_404(Grant, request, pk)

    def act(said: dict[str, Any]) -> None:
        suspend(found, SuspensionCause(said["cause"]), actor=actor_of(request), reason=said["reason"])

    done = "The consent is suspended, and its links give nothing. Decide about it soon."
    return _asked(request, found, SuspensionForm(request.POST or None), "suspend", act, done)


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Take an answer out of force that should never have been recorded."""
    found = in_clinic_or_404(Grant, request, pk)

    def act(said: dict[str, Any]) -> None:
        mark_in_error(found, by=request.user, reason=said["reason"])

    done = "The answer is marked as entered in error. It stays on record and counts for nothing."
    return _asked(request, found, CorrectionForm(request.POST or None), "correct", act, done)


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that the patient of an answer has died or can no longer decide; every yes of hers rests."""
    found = in_clinic_or_404(Grant, request, pk)

    def act(said: dict[str, Any]) -> None:
        {"died": note_death, "unable": note_incapacity}[said["what"]](found.patient, by=request.user)

    done = "It is noted. Every yes of this patient rests until somebody has decided about it."
    return _asked(request, found, StandingForm(request.POST or None), "standing", act, done)


@requires(Capability.CONSENT)
@require_POST
def resumption(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Let a suspended yes hold again."""
    found = in_clinic_or_404(Grant, request, pk)
    try:
        resume(found, by=request.user)
    except ConsentRefused as refused:
        messages.error(request, refused.explanation)
    else:
        messages.success(request, "The consent holds again.")
    return redirect("consent:grant", pk=found.pk)


@requires(Capability.CONSENT)
@require_POST
def task_done(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Note that a person did what a task asks."""
    task = get_object_or_404(Task, pk=pk, clinic=request.clinic)
    todo.done(task, by=request.user)
    messages.success(request, "Noted as done.")
    return redirect("consent:grant", pk=task.grant_id)


def _asked(
    request: StaffRequest,
    found: Grant,
    form: forms.Form,
    what: str,
    act: Callable[[dict[str, Any]], None],
    done: str,
) -> HttpResponse:
    """Show the form of an act, or do it and go back to the answer with a word about it."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ConsentRefused as refused:
            messages.error(request, refused.explanation)
        else:
            messages.success(request, done)
        return redirect("consent:grant", pk=found.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "consent/act.html", {"grant": found, "form": form, "what": what}, status=status)
