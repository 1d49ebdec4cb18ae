"""The brand in every share format before it is published, and how far the making of released files has come."""

from base64 import b64encode
from dataclasses import dataclass, replace

from csp.decorators import csp_update
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from deid.engine.brand import Brand
from deid.engine.errors import CageBroken, Held, Rejected
from deid.engine.formats import Format, Render
from deid.services import renders, samples
from deid.services.processing import brand_of
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.clinics.brand_form import BrandForm
from ultrasound_portal.clinics.colours import contrast
from ultrasound_portal.clinics.errors import BrandRefused
from ultrasound_portal.clinics.logos import repainted
from ultrasound_portal.clinics.looks import check_look, tells_place
from ultrasound_portal.clinics.models import Clinic
from ultrasound_portal.clinics.services import check_brand

NOT_DRAWN = "The portal could not draw this just now. Try again in a moment."
WORDS = {
    Format.ORIGINAL: "As it is",
    Format.SQUARE: "Square",
    Format.PORTRAIT: "Upright, 4:5",
    Format.STORY: "Story, 9:16",
    Format.PRINT: "For paper, A6",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A finished sample as the page shows it, with its bytes in its address: it is kept nowhere."""

    words: str
    address: str
    width: int
    height: int


@csp_update({"img-src": ["data:"]})
@requires(Capability.BRAND)
@require_http_methods(["GET", "HEAD", "POST"])
def brand_samples(request: StaffRequest) -> HttpResponse:
    """Show a painted picture in every format under the brand of a form that was filled in, or the present one.

    Logos that were chosen are drawn too. Nothing of the form is kept.
    """
    form = BrandForm(request.POST, request.FILES) if request.method == "POST" else None
    shown: dict[str, object] = {}
    fault = ""
    try:
        tried = brand_of(request.clinic) if form is None else _tried(request.clinic, form)
        shown = _told(request.clinic, tried) | {"samples": [_sample(made) for made in samples.of_brand(tried)]}
    except BrandRefused as refused:
        fault = refused.fault.value
    except ValidationError as invalid:
        fault = invalid.messages[0]
    except (CageBroken, Held, Rejected):
        fault = NOT_DRAWN
    part = "HX-Request" in request.headers
    page = "deid/_brand_samples.html" if part else "deid/brand_samples.html"
    context = {"fault": fault, "unsaved": form is not None, **shown}
    answer = render(request, page, context, status=400 if fault and not part else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


@requires(Capability.BRAND)
@require_safe
def progress(request: StaffRequest) -> HttpResponse:
    """Say how many released pictures carry the present brand in the files for sharing; the page asks until all do."""
    return render(request, "deid/_brand_progress.html", {"progress": renders.progress(request.clinic)})


def _tried(clinic: Clinic, form: BrandForm) -> Brand:
    """Return the present brand with what the form changes; raises ValidationError, BrandRefused."""
    if not form.is_valid():
        field, faults = next(iter(form.errors.items()))
        raise ValidationError(f"{form.fields[field].label}: {faults[0]}")
    values, look = form.cleaned_data, form.look()
    colours = {"background": values["background"], "ink": values["ink"]}
    name, line, background, ink = check_brand(values["name"], values["line"], **colours)
    check_look(look)
    kept = brand_of(clinic)
    return replace(
        kept,
        name=name,
        line=line,
        background=background,
        ink=ink,
        web=look.web,
        handle=look.handle,
        qr=look.qr,
        top=look.top,
        height=look.height,
        logo=repainted(values["logo"].read()) if values["logo"] else kept.logo,
        paper_logo=repainted(look.paper_logo) if look.paper_logo else kept.paper_logo,
    )


def _told(clinic: Clinic, brand: Brand) -> dict[str, object]:
    """Return how well the words can be read, and whether the brand tells where she was."""
    place = tells_place(clinic.name, brand.name, brand.line, brand.web, brand.handle)
    return {"contrast": contrast(brand.background, brand.ink), "tells_place": place}


def _sample(made: Render) -> Sample:
    address = f"data:{made.media_type};base64,{b64encode(made.data).decode()}"
    return Sample(WORDS[made.format], address, made.width, made.height)
