"""The lock of a shared desk: closed by hand or when it is left alone, opened by the same person."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ultrasound_portal.audit.events import Event
from ultrasound_portal.audit.trail import record
from ultrasound_portal.clinics import proofs, sign_ins
from ultrasound_portal.clinics.access import StaffRequest, actor_of, signed_in
from ultrasound_portal.clinics.views.signing import safe
from ultrasound_portal.clinics.workplace import clinic_id_of


@signed_in(while_locked=True)
@require_POST
def lock(request: StaffRequest) -> HttpResponse:
    """Lock the desk; the page of a script stays as it is behind its own curtain."""
    with transaction.atomic():
        if sign_ins.lock(request.sign_in):
            record(
                Event.DESK_LOCKED,
                actor=actor_of(request),
                clinic_id=clinic_id_of(request),
                object_kind="sign_in",
                object_id=request.sign_in.pk,
            )
    return HttpResponse(status=204) if sign_ins.is_by_script(request) else redirect("clinics:locked")


@signed_in(while_locked=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def locked(request: StaffRequest) -> HttpResponse:
    """Ask the person to show once more that it is she, and take her back to her page."""
    way_on = safe(request, request.POST.get("next", request.GET.get("next", "")))
    fault = proofs.take(request, request.sign_in) if request.method == "POST" else ""
    by_script = sign_ins.is_by_script(request)
    if request.method == "POST" and not fault:
        return HttpResponse(status=204) if by_script else redirect(way_on)
    if by_script:
        return HttpResponse(fault, status=403, content_type="text/plain; charset=utf-8")
    context = {"fault": fault, "next_page": way_on, "is_locked": sign_ins.is_locked(request.sign_in)}
    return render(request, "clinics/locked.html", context, status=403 if fault else 200)


@signed_in()
@require_POST
def here(request: StaffRequest) -> HttpResponse:
    """Note that the person is at work on a page that sends nothing else."""
    sign_ins.note_activity(request.sign_in)
    return HttpResponse(status=204)
