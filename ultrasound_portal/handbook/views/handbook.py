"""The handbook: everybody at the desk reads it, administrators write it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires, signed_in
from ultrasound_portal.handbook import services
from ultrasound_portal.handbook.forms import ChapterForm, DemandForm
from ultrasound_portal.handbook.models import Chapter, Edition


@signed_in()
@require_safe
def handbook(request: StaffRequest) -> HttpResponse:
    """Show the chapters, with what is still to be read on top of each."""
    return _page(request)


@signed_in()
@require_POST
def read(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Note that the person has read an edition; one that was replaced meanwhile is not enough."""
    edition = in_clinic_or_404(Edition, request, pk)
    if edition not in services.current(request.clinic):
        messages.warning(request, "This chapter was published anew meanwhile. Read the edition that holds.")
        return redirect("handbook:handbook")
    services.note_reading(edition, by=request.user)
    left = len(services.unread(request.user, request.clinic))
    messages.success(request, f"Noted. {left} to go." if left else "Noted. You have read everything.")
    return redirect("handbook:handbook")


@requires(Capability.POLICY)
@require_POST
def publish(request: StaffRequest) -> HttpResponse:
    """Publish the next edition of a chapter."""
    form = ChapterForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    edition = services.publish(
        request.clinic, Chapter(form.cleaned_data["chapter"]), form.cleaned_data["text"], by=request.user
    )
    messages.success(request, f"Published: {edition.get_chapter_display()}, edition {edition.version}.")
    return redirect("handbook:handbook")


@requires(Capability.POLICY)
@require_POST
def demand(request: StaffRequest) -> HttpResponse:
    """Turn the switch."""
    form = DemandForm(request.POST)
    form.full_clean()
    services.demand(request.clinic, reading=form.cleaned_data["reading"], by=request.user)
    messages.success(
        request,
        "From now on only those who have read every chapter make links."
        if form.cleaned_data["reading"]
        else "From now on everybody with the right to share makes links.",
    )
    return redirect("handbook:handbook")


def _page(request: StaffRequest, form: ChapterForm | None = None, status: int = 200) -> HttpResponse:
    demanded = services.is_demanded(request.clinic)
    context: dict[str, Any] = {  # Any: what a template takes
        "editions": services.current(request.clinic),
        "unread": {edition.pk for edition in services.unread(request.user, request.clinic)},
        "demanded": demanded,
    }
    if can(request.membership, Capability.POLICY):
        context |= {"form": form or ChapterForm(), "switch": DemandForm(initial={"reading": demanded})}
    return render(request, "handbook/handbook.html", context, status=status)
