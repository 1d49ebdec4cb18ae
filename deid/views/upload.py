"""The upload page: files in, one row per file out, with and without script."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from deid.engine.errors import EXPLANATIONS, RejectReason
from deid.ingest.memory import MemoryFile
from deid.ingest.upload import note_cleared, take
from deid.models import Study, Upload, UploadItem
from deid.states import UNSETTLED, InstanceState, ItemOutcome
from deid.views.wording import explain
from ultrasound_portal.clinics.access import Capability, StaffRequest, actor_of, in_clinic_or_404, requires
from ultrasound_portal.headers import WITH_CAMERA
from ultrasound_portal.patients.services import display_names

POSITIONS_AT_MOST = 500
REFRESH_SECONDS = 4


@requires(Capability.UPLOAD)
def upload(request: StaffRequest) -> HttpResponseBase:
    """Show the page; a plain form with files is taken in at once and answered with its rows."""
    if request.method != "POST":
        return _form(request)
    files = _files(request)
    if not files:
        return _form(request, none=True)
    batch = Upload.objects.create(clinic=request.clinic, by=request.user)
    for file in files:
        take(batch, file, actor=actor_of(request))
    return redirect("deid:upload_rows", batch.pk)


@require_POST
@requires(Capability.UPLOAD, while_locked=True)
def begin(request: StaffRequest) -> JsonResponse:
    """Open a batch for the script and say where its files and questions go."""
    batch = Upload.objects.create(clinic=request.clinic, by=request.user)
    return JsonResponse(
        {
            "send": reverse("deid:upload_send", args=[batch.pk]),
            "deliver": reverse("deid:deliver", args=[batch.pk]),
            "rows": reverse("deid:upload_rows", args=[batch.pk]),
        }
    )


@require_POST
@requires(Capability.UPLOAD, while_locked=True)
def send(request: StaffRequest, upload: UUID) -> JsonResponse:
    """Take one file in and answer with its rows; a ZIP has many."""
    batch = in_clinic_or_404(Upload, request, upload)
    items = [item for file in _files(request) for item in take(batch, file, actor=actor_of(request))]
    return JsonResponse({"rows": described(_items(batch, [item.position for item in items]))})


@requires(Capability.UPLOAD, while_locked=True)
def rows(request: StaffRequest, upload: UUID) -> HttpResponse:
    """Answer the script's question about some rows, or show a reader without script all of them."""
    batch = in_clinic_or_404(Upload, request, upload)
    if request.method == "POST":
        return JsonResponse({"rows": described(_items(batch, _positions(request)))})
    found = described(batch.items.select_related("instance"))
    context = {
        "batch": batch,
        "rows": found,
        "busy": not all(row["settled"] for row in found),
        "refresh": REFRESH_SECONDS,
        "studies": _studies(batch),
        "refused": sum(row["state"] == ItemOutcome.REFUSED for row in found),
    }
    part = "HX-Request" in request.headers
    return _scanning(render(request, "deid/_arrived.html" if part else "deid/upload_rows.html", context))


@require_POST
@requires(Capability.UPLOAD)
def cleared(request: StaffRequest, upload: UUID) -> HttpResponseBase:
    """Note that the files are gone from the device that they were sent from."""
    batch = in_clinic_or_404(Upload, request, upload)
    note_cleared(batch, actor=actor_of(request))
    messages.success(request, "Noted: the files are deleted from the device.")
    return redirect("deid:upload_rows", batch.pk)


def _form(request: StaffRequest, *, none: bool = False) -> HttpResponse:
    limits = {"limit_mib": settings.UPLOAD_LIMIT // 2**20, "zip_gib": round(settings.DELIVERY_LIMIT / 2**30, 1)}
    return _scanning(render(request, "deid/upload.html", limits | {"none": none}))


def _scanning(answer: HttpResponse) -> HttpResponse:
    """Let the page use the camera: a patient's card can be read on it."""
    answer.headers["Permissions-Policy"] = WITH_CAMERA
    return answer


def _files(request: StaffRequest) -> list[MemoryFile]:
    return [file for file in request.FILES.getlist("file") if isinstance(file, MemoryFile)]


def _positions(request: StaffRequest) -> list[int]:
    asked = request.POST.get("positions", "").split(",")
    return [int(text) for text in asked[:POSITIONS_AT_MOST] if text.isascii() and text.isdigit() and len(text) < 8]


def _items(batch: Upload, positions: Sequence[int]) -> Iterable[UploadItem]:
    return batch.items.filter(position__in=positions).select_related("instance")


def described(items: Iterable[UploadItem]) -> list[dict[str, Any]]:  # Any: what JSON can hold
    """Return rows as the script and the page show them."""
    return [_describe(item) for item in items]


def _describe(item: UploadItem) -> dict[str, Any]:
    """Return a row as the script and the page show it; it holds keys and sentences, never a name."""
    row = {"position": item.position, "outcome": item.outcome, "study": "", "reason": explain(item.reason)}
    if item.instance is None:
        label = ItemOutcome(item.outcome).label
        reason = EXPLANATIONS[RejectReason.DICOMDIR] if item.outcome == ItemOutcome.SKIPPED else row["reason"]
        return row | {"state": item.outcome, "label": label, "reason": reason, "settled": True}
    state = InstanceState(item.instance.state)
    label = "Received" if state in UNSETTLED else "Cleaned" if state is InstanceState.CLEAN else state.label
    if item.outcome == ItemOutcome.REPEATED:
        label = f"{ItemOutcome.REPEATED.label}: {label.lower()}"
    return row | {
        "state": state.value,
        "label": label,
        "reason": explain(item.instance.reason),
        "settled": state not in UNSETTLED,
        "study": reverse("deid:study", args=[item.instance.study_id]),
    }


def _studies(batch: Upload) -> list[tuple[Study, str]]:
    found = Study.objects.filter(instances__upload_items__upload=batch).select_related("patient").distinct()[:50]
    names = display_names([study.patient for study in found])
    return [(study, names[study.patient_id]) for study in found]
