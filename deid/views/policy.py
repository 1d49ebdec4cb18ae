"""The clinic's policy about text in pictures: what counts, the next version, and what was cleaned before it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from deid.forms import PolicyForm
from deid.models import TextPolicy
from deid.services import policies, recleaning
from deid.states import KeptTextChoice
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires

VERSIONS_SHOWN = 20


@requires(Capability.POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: StaffRequest) -> HttpResponse:
    """Show the policy with its versions, or publish the next one."""
    if request.method != "POST":
        now = policies.current_policy(request.clinic)
        return _page(request, PolicyForm(initial={name: getattr(now, name) for name in PolicyForm.base_fields}))
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        published = _publish(request, form)
    except ValueError as fault:
        form.add_error(None, f"Nothing is published: {fault}.")
        return _page(request, form, status=400)
    messages.success(request, f"Version {published.version} is published. It counts for what is cleaned from now on.")
    return redirect("deid:policy")


@require_POST
@requires(Capability.POLICY)
def again(request: StaffRequest) -> HttpResponse:
    """Clean the pictures again that wait for a release and were cleaned under another version."""
    queued = recleaning.clean_again(request.clinic, by=request.user)
    messages.success(request, f"{queued} picture{'' if queued == 1 else 's'} will be cleaned again.")
    return redirect("deid:policy")


def _publish(request: StaffRequest, form: PolicyForm) -> TextPolicy:
    values = form.cleaned_data
    return policies.publish_policy(
        request.clinic,
        text=KeptTextChoice(values["text"]),
        gestational_age=values["gestational_age"],
        also_kept=values["also_kept"],
        also_covered=values["also_covered"],
        by=request.user,
    )


def _page(request: StaffRequest, form: PolicyForm, *, status: int = 200) -> HttpResponse:
    versions = TextPolicy.objects.filter(clinic=request.clinic).select_related("created_by").order_by("-version")
    context = {
        "form": form,
        "now": policies.current_policy(request.clinic),
        "versions": versions[:VERSIONS_SHOWN],
        "behind": recleaning.behind(request.clinic).count(),
        "at_once": recleaning.AT_ONCE,
    }
    return render(request, "deid/policy.html", context, status=status)
