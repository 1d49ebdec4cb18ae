"""The brand in every share format before it is published, and how far the making of released files has come."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deid.engine.errors import CageBroken, Held, Rejected
from deid.engine.formats import STILLS, Format
from deid.services import renders, samples
from deid.services.processing import brand_of
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.clinics.brand_form import BrandForm
from ultrasound_portal.clinics.errors import BrandRefused
from ultrasound_portal.clinics.looks import check_look
from ultrasound_portal.clinics.services import check_brand


@requires(Capability.BRAND)
@require_safe
def sample(request: StaffRequest, wanted: str) -> HttpResponse:
    """Answer with a painted picture in one format under the brand that the query tells of; logos are the present."""
    form = BrandForm(request.GET)
    if wanted not in STILLS or not form.is_valid():
        raise Http404
    values, look = form.cleaned_data, form.look()
    try:
        name, line, background, ink = check_brand(
            values["name"], values["line"], background=values["background"], ink=values["ink"]
        )
        check_look(look)
        tried = replace(
            brand_of(request.clinic),
            name=name,
            line=line,
            background=background,
            ink=ink,
            web=look.web,
            handle=look.handle,
            qr=look.qr,
            top=look.top,
            height=look.height,
        )
        made = samples.sample(Format(wanted), tried)
    except (BrandRefused, CageBroken, Held, Rejected):
        raise Http404 from None
    return HttpResponse(made.data, content_type=made.media_type, headers={"Cache-Control": "private, no-store"})


@requires(Capability.BRAND)
@require_safe
def progress(request: StaffRequest) -> HttpResponse:
    """Say how many released pictures carry the present brand in the files for sharing; the page asks until all do."""
    return render(request, "deid/_brand_progress.html", {"progress": renders.progress(request.clinic)})
