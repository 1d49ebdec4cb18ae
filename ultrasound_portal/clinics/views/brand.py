"""The clinic's strip: what it shows now, and a form that publishes the next version."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.clinics.errors import BrandRefused
from ultrasound_portal.clinics.forms import BrandForm
from ultrasound_portal.clinics.models import BrandKit
from ultrasound_portal.clinics.services import current_brand, publish_brand_kit


@requires(Capability.BRAND)
@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: StaffRequest) -> HttpResponse:
    """Show the strip and its versions, or publish the next one."""
    kit = current_brand(request.clinic)
    if request.method != "POST":
        shown = {"name": kit.name, "line": kit.line, "background": kit.background, "ink": kit.ink}
        return _page(request, BrandForm(initial=shown), kit, status=200)
    form = BrandForm(request.POST, request.FILES)
    if form.is_valid() and (published := _publish(request, form)):
        messages.success(request, f"Version {published.version} is published. New pictures will carry it.")
        return redirect("clinics:brand")
    return _page(request, form, kit, status=400)


@requires(Capability.BRAND)
@require_safe
def strip_style(request: StaffRequest, version: int) -> HttpResponse:
    """Return the colours of one version as a stylesheet, since the pages allow no colours of their own."""
    kit = get_object_or_404(BrandKit, clinic=request.clinic, version=version)
    return HttpResponse(
        f".strip {{ background: {kit.background}; color: {kit.ink}; padding: 1rem 1.25rem; border-radius: 0.5rem; }}\n",
        content_type="text/css; charset=utf-8",
    )


def _publish(request: StaffRequest, form: BrandForm) -> BrandKit | None:
    logo = form.cleaned_data["logo"]
    try:
        return publish_brand_kit(
            request.clinic,
            name=form.cleaned_data["name"],
            line=form.cleaned_data["line"],
            background=form.cleaned_data["background"],
            ink=form.cleaned_data["ink"],
            logo=logo.read() if logo else None,
            by=request.user,
        )
    except BrandRefused as refusal:
        form.add_error(None, refusal.fault.value)
        return None


def _page(request: StaffRequest, form: BrandForm, kit: BrandKit, *, status: int) -> HttpResponse:
    versions = request.clinic.brand_kits.select_related("created_by").order_by("-version")[:10]
    return render(
        request, "clinics/brand.html", {"form": form, "kit": kit, "versions": versions}, status=status
    )
