"""One's own account: second factors, and where one is signed in."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import ChoiceField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import break_glass, second_factors, sign_ins
from ultrasound_portal.clinics.access import StaffRequest, actor_of, signed_in
from ultrasound_portal.clinics.forms import GlassForm
from ultrasound_portal.clinics.rights import open_now
from ultrasound_portal.clinics.roles import RIGHTS
from ultrasound_portal.clinics.workplace import clinic_id_of

LAST = "This is your only second factor. Add another one first."


@signed_in()
@require_safe
def account(request: StaffRequest) -> HttpResponse:
    """Show factors and sessions."""
    factors = second_factors.factors_of(request.user)
    context = {
        "factors": factors,
        "has_code_app": any(not one.is_passkey for one in factors),
        "codes_left": second_factors.codes_left(request.user),
        "sign_ins": sign_ins.of(request.user),
        "this": request.sign_in,
        "glass_form": _glass_form(request),
        "glass_open": list(open_now(request.membership)) if request.membership else [],
    }
    return render(request, "clinics/account.html", context)


@signed_in(proved_within=sign_ins.VERY_FRESH)
@require_POST
def remove_factor(request: StaffRequest, factor: int) -> HttpResponse:
    """Remove one of several factors."""
    with transaction.atomic():
        removed = second_factors.remove(request.user, factor)
        if removed:
            _note(request, Event.SECOND_FACTOR_REMOVED)
    if removed:
        messages.success(request, "It is removed and opens nothing any more.")
    else:
        messages.error(request, LAST)
    return redirect("clinics:account")


@signed_in()
@require_POST
def end_one(request: StaffRequest, sign_in: UUID) -> HttpResponse:
    """Sign one of one's own sessions out."""
    with transaction.atomic():
        ended, _ = sign_ins.of(request.user).filter(pk=sign_in).delete()
        if ended:
            _note(request, Event.SIGN_INS_ENDED, count=ended)
    messages.success(request, "That session is signed out.")
    return redirect("clinics:account")


@signed_in()
@require_POST
def end_others(request: StaffRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    with transaction.atomic():
        ended = sign_ins.end(request.user, but=request.sign_in)
        _note(request, Event.SIGN_INS_ENDED, count=ended)
    messages.success(request, "You are signed out everywhere but here.")
    return redirect("clinics:account")


def _glass_form(request: StaffRequest) -> GlassForm | None:
    """Return the form for what lies within reach of the person's role, or nothing where nothing does."""
    within = break_glass.reach(request.membership) if request.membership else []
    form = GlassForm()
    form.fields["right"] = ChoiceField(label="Open for an hour", choices=[(one.value, RIGHTS[one]) for one in within])
    return form if within else None


def _note(request: StaffRequest, event: Event, **detail: int) -> None:
    record(
        event,
        actor=actor_of(request),
        clinic_id=clinic_id_of(request),
        object_kind="user",
        object_id=request.user.pk,
        detail=detail,
    )
