"""One answer of a patient with its evidence, and the desk's way to withdraw it."""

import uuid

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from consent import evidence
from consent.drawing import path_of
from consent.errors import ConsentRefused
from consent.forms import WithdrawalForm
from consent.history import moments
from consent.models import Grant
from consent.sealed import details_of, drawing_of, name_of, recipient_of
from consent.services import missing_roles, withdraw_consent
from consent.states import WITHDRAWABLE, GrantState
from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record as record_event
from ultrasound_portal.clinics.access import (
    Capability,
    StaffRequest,
    actor_of,
    can,
    in_clinic_or_404,
    requires,
)
from ultrasound_portal.patients.services import display_name

RIGHT_WORDS = {
    "reasoning": "Why she was judged able",
    "authority": "What gives the authority",
    "proof": "The paper that was seen",
    "authority_until": "The authority’s last day",
    "wishes": "What is known of her wishes",
    "assent_note": "Why she could not say",
    "born": "Date of birth, from a document",
}


@requires(Capability.CONSENT, Capability.LEDGER)
@require_safe
def grant(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what was agreed, in the words that were read, and record that it was looked at."""
    found = in_clinic_or_404(Grant, request, pk)
    with transaction.atomic():
        _record_reading(request, found)
    state = found.state_at(timezone.now())
    right = getattr(found.record, "capacity", None)
    context = {
        "grant": found,
        "state": state,
        "is_active": state in WITHDRAWABLE,
        "tasks": found.tasks.filter(done_at=None),
        "missing": missing_roles(found) if state is GrantState.PENDING else [],
        "right": right,
        "right_details": [(RIGHT_WORDS[key], text) for key, text in details_of(right).items()] if right else [],
        "recipient": recipient_of(found.record.recipient) if hasattr(found.record, "recipient") else "",
        "copies": found.record.documents.all(),
        "patient_name": display_name(found.patient),
        "images": found.images.order_by("picture_id", "kind"),
        "signatures": [
            (signature, name_of(signature), path_of(drawn) if (drawn := drawing_of(signature)) else "")
            for signature in found.record.signatures.all()
        ],
        "moments": moments(found, timezone.now()),
        "whole": evidence.is_whole(found),
        "sees_ledger": can(request.membership, Capability.LEDGER),
    }
    return render(request, "consent/grant.html", context)


@requires(Capability.CONSENT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask once, with the limits the patient was told of, then end the consent at once."""
    found = in_clinic_or_404(Grant, request, pk)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_consent(found, actor=actor_of(request), **form.cleaned_data)
        except ConsentRefused as refused:
            messages.info(request, refused.explanation)
        else:
            messages.success(request, "The consent is withdrawn, and its links are closed.")
        return redirect("consent:grant", pk=found.pk)
    state = found.state_at(timezone.now())
    context = {"grant": found, "form": form, "state": state, "is_active": state in WITHDRAWABLE}
    return render(request, "consent/withdraw.html", context)


def _record_reading(request: StaffRequest, found: Grant) -> None:
    record_event(
        Event.CONSENT_LEDGER_READ,
        actor=actor_of(request),
        clinic_id=request.clinic.pk,
        object_kind="grant",
        object_id=found.pk,
        patient_id=found.patient_id,
        purpose=found.purpose_id,
        grant_id=found.pk,
    )
