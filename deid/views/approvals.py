"""Many clean pictures of a study are approved at once: only those that were shown whole to the person who does it."""

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.views.decorators.http import require_POST

from deid.models import Instance, Study
from deid.services import gates, review
from ultrasound_portal.clinics.access import Capability, StaffRequest, can, in_clinic_or_404, requires
from ultrasound_portal.clinics.sign_ins import FRESH


@require_POST
@requires(Capability.REVIEW, proved_within=FRESH)
def approve_shown(request: StaffRequest, study: UUID) -> HttpResponseBase:
    """Approve the ticked pictures; what was not shown, is not clean or may tell the sex is left and counted."""
    found = in_clinic_or_404(Study, request, study)
    chosen = [key for key in request.POST.getlist("picture") if _is_key(key)]
    pictures = list(Instance.objects.filter(study=found, pk__in=chosen).order_by("number"))
    if not pictures:
        messages.error(request, "Tick at least one picture first.")
        return redirect("deid:study", found.pk)
    releases = can(request.membership, Capability.RELEASE) and not gates.needs_second_person(request.clinic)
    passed, left = review.approve_shown(pictures, by=request.user, releases=releases)
    word = "released" if releases else "found clean"
    if passed:
        messages.success(request, f"{passed} picture{pluralize(passed)} {word}.")
    if left:
        messages.warning(request, f"{left} left: not clean, not shown to you whole, or one that may tell the sex.")
    return redirect("deid:study", found.pk)


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
