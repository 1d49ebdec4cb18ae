"""Streams sealed files of a picture to staff, whole or in part, each look on the trail."""

import re
from collections.abc import Iterator
from uuid import UUID

from django.db.models import F
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deid.models import Artefact
from deid.services import review
from ultrasound_portal.clinics.access import Capability, StaffRequest, requires
from ultrasound_portal.vault.errors import VaultError

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
@requires(Capability.REVIEW)
def media(request: StaffRequest, artefact: UUID) -> HttpResponseBase:
    """Answer with the bytes of an artefact of a current run, honouring one Range (RFC 9110 section 14)."""
    found = get_object_or_404(
        Artefact.objects.select_related("instance__study"),
        pk=artefact,
        instance__clinic=request.clinic,
        instance__current_run=F("run"),
    )
    try:
        reader = review.open_for_staff(found, by=request.user)
    except VaultError as gone:
        raise Http404 from gone
    span = _span(request.headers.get("Range", ""), reader.size)
    if span is None:
        return _dressed(HttpResponse(status=416), {"Content-Range": f"bytes */{reader.size}"})
    start, stop = span
    partial = (start, stop) != (0, reader.size)
    headers = {"Content-Length": str(stop - start), "Accept-Ranges": "bytes"}
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{reader.size}"
    body: Iterator[bytes] = iter(()) if request.method == "HEAD" else reader.read_range(start, stop)
    response = StreamingHttpResponse(body, status=206 if partial else 200, content_type=found.media_type)
    return _dressed(response, headers)


def _dressed(response: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Return start and stop of what was asked for, None where it cannot be had; no range means all."""
    match = _RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]) or size == 0:
        return 0, size
    if not match[1]:
        length = int(match[2])
        return (max(0, size - length), size) if length else None
    start = int(match[1])
    stop = min(int(match[2]) + 1, size) if match[2] else size
    if match[2] and int(match[2]) < start:
        return 0, size
    return (start, stop) if start < size else None
