"""The browser's door: a sent file becomes one or many instances, and every one gets its row."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from deid.engine.cage import CageBroken
from deid.engine.errors import Rejected, RejectReason
from deid.ingest.memory import MemoryFile
from deid.ingest.receive import receive
from deid.ingest.zips import DICOM_AT, Limits, Member, is_zip, members
from deid.models import Upload, UploadItem
from deid.states import ItemOutcome
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event

DOOR = "upload"


def unwrap(file: MemoryFile) -> Iterator[Member]:
    """Yield what a sent file holds: itself, or the members of a ZIP one by one; names are not looked at.

    What is wrong with the file or the archive as a whole comes as a refused member of its own.
    """
    if file.refusal is not None:
        yield Member(refusal=file.refusal)
        return
    head = file.stream.read(DICOM_AT + 4)
    file.stream.seek(0)
    if not is_zip(head):
        yield Member(data=file.stream.read())
        return
    limits = Limits(member_bytes=settings.UPLOAD_LIMIT, total_bytes=4 * settings.UPLOAD_LIMIT)
    try:
        yield from members(file.stream, limits)
    except Rejected as refusal:
        yield Member(refusal=refusal.reason)


def take(upload: Upload, file: MemoryFile, *, actor: str) -> list[UploadItem]:
    """Send everything in `file` through the gate and return its rows, the refused ones among them."""
    return [_take_one(upload, member, actor=actor) for member in unwrap(file)]


def _take_one(upload: Upload, member: Member, *, actor: str) -> UploadItem:
    if member.refusal is not None:
        return _refuse(upload, member.refusal, actor=actor)
    if member.data is None:
        return _write_row(upload, outcome=ItemOutcome.SKIPPED)
    try:
        receipt = receive(member.data, clinic=upload.clinic, actor=actor, door=DOOR)
    except Rejected as refusal:
        if refusal.reason is RejectReason.DICOMDIR:
            return _write_row(upload, outcome=ItemOutcome.SKIPPED)
        return _refuse(upload, refusal.reason, actor=actor)
    except CageBroken:
        return _refuse(upload, RejectReason.DAMAGED, actor=actor)
    return _write_row(upload, outcome=ItemOutcome(receipt.outcome), instance_id=receipt.instance_id)


@transaction.atomic
def _refuse(upload: Upload, reason: RejectReason, *, actor: str) -> UploadItem:
    item = _write_row(upload, outcome=ItemOutcome.REFUSED, reason=reason)
    trail.record(
        Event.INSTANCE_REFUSED,
        actor=actor,
        clinic_id=upload.clinic_id,
        object_kind="upload_item",
        object_id=item.id,
        outcome="refused",
        detail={"door": DOOR, "reason": reason.value},
    )
    return item


@transaction.atomic
def _write_row(
    upload: Upload, *, outcome: ItemOutcome, reason: str = "", instance_id: UUID | None = None
) -> UploadItem:
    Upload.objects.select_for_update().get(pk=upload.pk)
    last = upload.items.aggregate(last=Max("position"))["last"]
    return UploadItem.objects.create(
        upload=upload,
        position=(last or 0) + 1,
        instance_id=instance_id,
        outcome=outcome,
        reason=reason,
    )
