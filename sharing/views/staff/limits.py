"""How long the clinic's links may live, set by its administrator."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sharing.limit_forms import LimitsForm
from sharing.models import LinkLimits
from sharing.services.limits import limits_of, publish_limits
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires


@requires(Capability.POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: StaffRequest) -> HttpResponse:
    """Show the limits with their former versions, or publish the next."""
    present = limits_of(request.clinic.pk)
    if request.method != "POST":
        initial = {"usual_days": present.usual.days, "longest_days": present.longest.days}
        return _page(request, LimitsForm(initial=initial))
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    shortened = publish_limits(
        request.clinic,
        usual_days=form.cleaned_data["usual_days"],
        longest_days=form.cleaned_data["longest_days"],
        by=request.user,
    )
    told = f" {shortened} link{'' if shortened == 1 else 's'} ended earlier than planned." if shortened else ""
    messages.success(request, f"Saved. It holds from now on.{told}")
    return redirect("sharing:limits")


def _page(request: StaffRequest, form: LimitsForm, *, status: int = 200) -> HttpResponse:
    versions = LinkLimits.objects.filter(clinic=request.clinic).select_related("published_by")
    context = {"form": form, "versions": versions, "present": limits_of(request.clinic.pk)}
    return render(request, "sharing/staff/limits.html", context, status=status)
