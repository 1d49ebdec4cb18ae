"""The clinic's strip: what it shows now, its logo, and a form that tries out or publishes the next version."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ultrasound_portal.clinics import logos
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.clinics.brand_form import BrandForm
from ultrasound_portal.clinics.errors import BrandRefused
from ultrasound_portal.clinics.looks import check_look, tells_place
from ultrasound_portal.clinics.models import BrandKit
from ultrasound_portal.clinics.services import check_brand, current_brand, publish_brand_kit

WRITTEN = ("name", "line", "web", "handle")
"""The words that a brand puts into pictures."""


@dataclass(frozen=True, slots=True)
class Strip:
    """What a strip would look like."""

    name: str
    line: str
    background: str
    ink: str
    has_logo: bool


@requires(Capability.BRAND)
@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: StaffRequest) -> HttpResponse:
    """Show the strip and its versions; try the next one out, or publish it."""
    if request.method != "POST":
        kit = current_brand(request.clinic)
        return _page(request, BrandForm(initial=_values(kit)))
    form = BrandForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        if request.POST.get("act") == "preview":
            return _page(request, form, preview=_tried(form, current_brand(request.clinic)))
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
    names = (*WRITTEN, "background", "ink", "qr", "height")
    return {name: getattr(kit, name) for name in names} | {"place": "top" if kit.top else "bottom"}


def _tried(form: BrandForm, kit: BrandKit) -> Strip:
    values = form.cleaned_data
    checked = check_brand(values["name"], values["line"], background=values["background"], ink=values["ink"])
    check_look(form.look())
    return Strip(*checked, has_logo=kit.logo_id is not None)


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


def _asked(form: BrandForm, kit: BrandKit) -> dict[str, str]:
    """Return what the samples show: what was tried, where it is in order, or else the present version."""
    values = form.cleaned_data if form.is_bound and form.is_valid() and not form.errors else _values(kit)
    return {name: str(value) for name, value in values.items() if "logo" not in name and value is not False}


def _page(request: StaffRequest, form: BrandForm, *, preview: Strip | None = None, status: int = 200) -> HttpResponse:
    kit = current_brand(request.clinic)
    context = {
        "form": form,
        "kit": kit,
        "preview": preview,
        "shown": preview or Strip(kit.name, kit.line, kit.background, kit.ink, has_logo=kit.logo_id is not None),
        "logo_chosen": bool(request.FILES),
        "asked": urlencode(_asked(form, kit)),
        "tells_place": tells_place(request.clinic.name, *(_asked(form, kit)[name] for name in WRITTEN)),
        "versions": request.clinic.brand_kits.select_related("created_by").order_by("-version")[:10],
    }
    return render(request, "clinics/brand.html", context, status=status)
