"""Resumable sending by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, checksum,
expiration and termination."""

from base64 import b64decode
from binascii import Error as NotBase64
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_POST

from deid.engine.errors import EXPLANATIONS, Rejected
from deid.ingest import deliveries
from deid.ingest.upload import carry_on
from deid.models import Delivery, Upload
from deid.states import DeliveryState
from deid.views.upload import POSITIONS_AT_MOST, described
from ultrasound_portal.clinics.access import Capability, StaffRequest, in_clinic_or_404, requires

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,checksum,expiration,termination"
SECONDS_A_QUESTION = 4.0
CHECKSUM_MISMATCH = 460  # a number of the protocol's own
DISK_FULL = "The portal's disk is full, so nothing more can be taken in. Tell the administrator, then send it again."


@require_http_methods(["POST", "OPTIONS"])
@requires(Capability.UPLOAD, while_locked=True)
def create(request: StaffRequest, upload: UUID) -> HttpResponseBase:
    """Open a delivery, or say what this end can do."""
    batch = in_clinic_or_404(Upload, request, upload)
    if request.method == "OPTIONS":
        return _able()
    if _foreign(request):
        return _answer(412)
    size = _number(request, "Upload-Length")
    if size is None:
        return _answer(400)
    try:
        delivery = deliveries.begin(batch, size)
    except Rejected as refusal:
        return _answer(413, reason=EXPLANATIONS[refusal.reason])
    answer = _standing(delivery, 201)
    answer.headers["Location"] = reverse("deid:delivery", args=[delivery.pk])
    return answer


@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@requires(Capability.UPLOAD, while_locked=True)
def delivery(request: StaffRequest, delivery: UUID) -> HttpResponseBase:
    """Say how far a delivery has come, keep its next piece, or end it."""
    found = in_clinic_or_404(Delivery, request, delivery)
    if request.method == "OPTIONS":
        return _able()
    if _foreign(request):
        return _answer(412)
    if found.state == DeliveryState.DROPPED:
        return _answer(410)
    if request.method == "HEAD":
        return _standing(found, 200)
    if request.method == "DELETE":
        deliveries.drop(found)
        return _answer(204)
    return _append(request, found)


@require_POST
@requires(Capability.UPLOAD, while_locked=True)
def take(request: StaffRequest, delivery: UUID) -> HttpResponseBase:
    """Take members of a whole delivery in for a few seconds and answer with the rows that the page has not seen."""
    found = in_clinic_or_404(Delivery, request, delivery)
    if found.state in {DeliveryState.OPEN, DeliveryState.DROPPED}:
        return HttpResponse(status=409)
    found = carry_on(found, seconds=SECONDS_A_QUESTION)
    seen = request.POST.get("seen", "")
    start = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 8 else 0
    items = list(found.items.select_related("instance").order_by("position")[start : start + POSITIONS_AT_MOST])
    more = found.state != DeliveryState.TAKEN or start + len(items) < found.taken
    return JsonResponse({"rows": described(items), "more": more})


def _append(request: StaffRequest, found: Delivery) -> HttpResponse:
    offset, length = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if request.content_type != PIECE_TYPE:
        return _answer(415)
    if offset is None or length is None:
        return _answer(400)
    try:
        return _standing(_keep(request, found, offset, length), 204)
    except deliveries.Displaced:
        return _answer(409)
    except deliveries.Damaged:
        return _answer(CHECKSUM_MISMATCH)
    except Rejected as refusal:
        return _answer(413, reason=EXPLANATIONS[refusal.reason])
    except (_Unreadable, UnreadablePostError):
        return _answer(400)
    except OSError:
        return _answer(507, reason=DISK_FULL)


class _Unreadable(Exception):
    """The checksum's header is not one of the protocol's, or its piece is too long to be checked in memory."""


def _keep(request: StaffRequest, found: Delivery, offset: int, length: int) -> Delivery:
    if "Upload-Checksum" not in request.headers:
        return deliveries.append(found, offset, request, length=length)
    algorithm, _, encoded = request.headers["Upload-Checksum"].partition(" ")
    if algorithm not in deliveries.CHECKSUMS or length > deliveries.PIECE_BYTES:
        raise _Unreadable
    try:
        digest = b64decode(encoded, validate=True)
    except NotBase64:
        raise _Unreadable from None
    return deliveries.append_checked(found, offset, request.read(length), algorithm=algorithm, digest=digest)


def _foreign(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") != VERSION


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _able() -> HttpResponse:
    answer = _answer(204)
    answer.headers["Tus-Version"] = VERSION
    answer.headers["Tus-Extension"] = EXTENSIONS
    answer.headers["Tus-Max-Size"] = str(settings.DELIVERY_LIMIT)
    answer.headers["Tus-Checksum-Algorithm"] = ",".join(deliveries.CHECKSUMS)
    return answer


def _standing(found: Delivery, status: int) -> HttpResponse:
    answer = _answer(status)
    answer.headers["Upload-Offset"] = str(found.received)
    answer.headers["Upload-Length"] = str(found.size)
    answer.headers["Cache-Control"] = "no-store"
    if found.state == DeliveryState.OPEN:
        answer.headers["Upload-Expires"] = http_date((found.touched_at + deliveries.LIFE).timestamp())
    return answer


def _answer(status: int, *, reason: str = "") -> HttpResponse:
    return HttpResponse(reason, status=status, content_type="text/plain", headers={"Tus-Resumable": VERSION})
