"""Breaking the glass: opening a right beyond one's role for an hour, and an administrator's note that it is known."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from ultrasound_portal.clinics import break_glass
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires, signed_in
from ultrasound_portal.clinics.forms import GlassForm
from ultrasound_portal.clinics.models import GlassBreak, GlassReason
from ultrasound_portal.clinics.sign_ins import VERY_FRESH


@signed_in(proved_within=VERY_FRESH)
@require_POST
def open_(request: StaffRequest) -> HttpResponse:
    """Open one right for an hour, for a reason."""
    form = GlassForm(request.POST)
    if request.membership is None or not form.is_valid():
        messages.error(request, "Choose what to open, and a reason from the list.")
        return redirect("clinics:account")
    right, reason = Capability(form.cleaned_data["right"]), GlassReason(form.cleaned_data["reason"])
    try:
        broken = break_glass.open_(request.membership, right, reason)
    except break_glass.NotBreakable:
        raise Http404 from None
    until = timezone.localtime(broken.ends_at)
    messages.warning(
        request, f"It is open until {until:%H:%M}. The administrators are told; each step is on the trail."
    )
    return redirect("clinics:home")


@signed_in()
@require_POST
def close(request: StaffRequest) -> HttpResponse:
    """Close before its time what was opened."""
    if request.membership is not None:
        break_glass.close(request.membership)
    messages.success(request, "It is closed again.")
    return redirect("clinics:account")


@requires(Capability.PEOPLE)
@require_POST
def seen(request: StaffRequest, glass: UUID) -> HttpResponse:
    """Note that an administrator knows of it."""
    broken = get_object_or_404(GlassBreak, pk=glass, membership__clinic=request.clinic)
    break_glass.note_seen(broken, by=request.user)
    messages.success(request, "Noted, with your name.")
    return redirect("clinics:people")
