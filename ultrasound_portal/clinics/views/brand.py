"""The clinic's strip: what it shows now, its logo, and a form that publishes the next version."""

from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ultrasound_portal.clinics import logos
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.clinics.brand_form import BrandForm
from ultrasound_portal.clinics.errors import BrandRefused
from ultrasound_portal.clinics.models import BrandKit
from ultrasound_portal.clinics.services import current_brand, publish_brand_kit


@csp_update({"img-src": ["data:"]})
@requires(Capability.BRAND)
@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: StaffRequest) -> HttpResponse:
    """Show the form of the strip and its versions; publish the next one.

    The samples beside it come in addresses that carry them.
    """
    if request.method != "POST":
        kit = current_brand(request.clinic)
        return _page(request, BrandForm(initial=_values(kit)))
    form = BrandForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        published = _publish(request, form)
    except BrandRefused as refusal:
        form.add_error(None, refusal.fault.value)
        return _page(request, form, status=400)
    messages.success(
        request,
        f"Version {published.version} is published. New pictures will carry it; files for sharing are made again.",
    )
    return redirect("clinics:brand")


@requires(Capability.BRAND)
@require_safe
def logo(request: StaffRequest) -> HttpResponse:
    """Answer with the logo of the present version."""
    kit = current_brand(request.clinic)
    if kit.logo_id is None:
        raise Http404
    return HttpResponse(logos.kept(kit.logo_id), content_type="image/png")


def _values(kit: BrandKit) -> dict[str, Any]:  # Any: a form's initial values
    """Return a version as the form shows it."""
    names = ("name", "line", "web", "handle", "background", "ink", "qr", "height")
    return {name: getattr(kit, name) for name in names} | {"place": "top" if kit.top else "bottom"}


def _publish(request: StaffRequest, form: BrandForm) -> BrandKit:
    values = form.cleaned_data
    return publish_brand_kit(
        request.clinic,
        name=values["name"],
        line=values["line"],
        background=values["background"],
        ink=values["ink"],
        logo=values["logo"].read() if values["logo"] else None,
        by=request.user,
        look=form.look(),
    )


def _page(request: StaffRequest, form: BrandForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "kit": current_brand(request.clinic),
        "logo_chosen": bool(request.FILES),
        "versions": request.clinic.brand_kits.select_related("created_by").order_by("-version")[:10],
    }
    return render(request, "clinics/brand.html", context, status=status)
