"""The browser's door: a sent file becomes one or many instances, and every one gets its row."""

import time
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from deid.engine.archives import DICOM_AT, Limits, is_zip
from deid.engine.errors import CageBroken, Rejected, RejectReason
from deid.ingest.deliveries import destroy_pieces
from deid.ingest.memory import MemoryFile
from deid.ingest.pieces import open_pieces
from deid.ingest.receive import receive
from deid.ingest.zips import Member, members
from deid.models import Delivery, Upload, UploadItem
from deid.states import DeliveryState, ItemOutcome
from ultrasound_portal.audit import trail
from ultrasound_portal.audit.events import Event
from ultrasound_portal.vault.errors import Destroyed, Missing

DOOR = "upload"


class Overtaken(Exception):
    """Somebody else has written the row of this member meanwhile."""


def take(upload: Upload, file: MemoryFile, *, actor: str) -> list[UploadItem]:
    """Send everything in `file` through the gate and return its rows, the refused ones among them."""
    return [_take_one(upload, member, actor=actor) for member in unwrap(file)]


def unwrap(file: MemoryFile) -> Iterator[Member]:
    """Yield what a sent file holds: itself, or the members of a ZIP one by one; names are not looked at.

    What is wrong with the file or the archive as a whole comes as a refused member of its own.
    """
    if file.refusal is not None:
        yield Member(refusal=file.refusal)
        return
    yield from _members_of(file.stream, total_bytes=4 * settings.UPLOAD_LIMIT)


@transaction.atomic
def note_cleared(upload: Upload, *, actor: str) -> None:
    """Write down that somebody deleted the files from the device that they came from; the first word counts."""
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.device_cleared_at is not None:
        return
    locked.device_cleared_at = timezone.now()
    locked.save(update_fields=["device_cleared_at"])
    trail.record(
        Event.DEVICE_CLEARED, actor=actor, clinic_id=locked.clinic_id, object_kind="upload", object_id=locked.id
    )


def carry_on(delivery: Delivery, *, seconds: float) -> Delivery:
    """Take members of a whole delivery through the gate for about `seconds`; the last one ends its pieces.

    Called again, by whomever and after whatever fault, it goes on where the rows end. Returns the delivery as it
    stands then; one that is not whole is returned as it is. Raises Missing or Destroyed where a piece is gone though
    nobody else has taken the rest.
    """
    enough = time.monotonic() + seconds
    while delivery.state == DeliveryState.WHOLE:
        before = delivery.taken
        try:
            if _take_some(delivery, enough):
                _finish(delivery)
        except (Overtaken, Missing, Destroyed):
            delivery.refresh_from_db()
            if (delivery.state, delivery.taken) == (DeliveryState.WHOLE, before):
                raise
        delivery.refresh_from_db()
        if time.monotonic() >= enough:
            break
    return delivery


def _take_some(delivery: Delivery, enough: float) -> bool:
    """Take members until there is no more, and say True, or until the time is over."""
    limits = 2 * settings.DELIVERY_LIMIT
    actor = f"user:{delivery.upload.by_id}"
    number = delivery.taken
    with open_pieces(delivery) as stream:
        for member in _members_of(stream, total_bytes=limits, start=number, unpacked=delivery.unpacked):
            _take_one(delivery.upload, member, actor=actor, place=(delivery, number))
            number += 1
            if time.monotonic() >= enough:
                return False
    return True


@transaction.atomic
def _finish(delivery: Delivery) -> None:
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    locked.state = DeliveryState.TAKEN
    locked.save(update_fields=["state"])
    destroy_pieces(locked)


def _members_of(stream: IO[bytes], *, total_bytes: int, start: int = 0, unpacked: int = 0) -> Iterator[Member]:
    head = stream.read(DICOM_AT + 4)
    stream.seek(0)
    if not is_zip(head):
        if start == 0:
            yield Member(data=stream.read())
        return
    limits = Limits(member_bytes=settings.UPLOAD_LIMIT, total_bytes=total_bytes)
    try:
        yield from members(stream, limits, start=start, unpacked=unpacked)
    except Rejected as refusal:
        if start == 0:
            yield Member(refusal=refusal.reason)


def _take_one(upload: Upload, member: Member, *, actor: str, place: tuple[Delivery, int] | None = None) -> UploadItem:
    if member.refusal is not None:
        return _refuse(upload, member.refusal, actor=actor, place=place)
    if member.data is None:
        return _write_row(upload, outcome=ItemOutcome.SKIPPED, place=place)
    size = len(member.data)
    try:
        receipt = receive(member.data, clinic=upload.clinic, actor=actor, door=DOOR, batch=upload.pk)
    except Rejected as refusal:
        if refusal.reason is RejectReason.DICOMDIR:
            return _write_row(upload, outcome=ItemOutcome.SKIPPED, place=place, size=size)
        return _refuse(upload, refusal.reason, actor=actor, place=place, size=size)
    except CageBroken:
        return _refuse(upload, RejectReason.DAMAGED, actor=actor, place=place, size=size)
    outcome = ItemOutcome(receipt.outcome)
    return _write_row(upload, outcome=outcome, instance_id=receipt.instance_id, place=place, size=size)


@transaction.atomic
def _refuse(
    upload: Upload, reason: RejectReason, *, actor: str, place: tuple[Delivery, int] | None, size: int = 0
) -> UploadItem:
    item = _write_row(upload, outcome=ItemOutcome.REFUSED, reason=reason, place=place, size=size)
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
    upload: Upload,
    *,
    outcome: ItemOutcome,
    reason: str = "",
    instance_id: UUID | None = None,
    place: tuple[Delivery, int] | None,
    size: int = 0,
) -> UploadItem:
    """Write a member's row and, for a delivery, that it is taken; raises Overtaken where it was taken before."""
    Upload.objects.select_for_update().get(pk=upload.pk)
    if place is not None:
        _count(*place, size=size)
    last = upload.items.aggregate(last=Max("position"))["last"]
    return UploadItem.objects.create(
        upload=upload,
        delivery=place[0] if place else None,
        position=(last or 0) + 1,
        instance_id=instance_id,
        outcome=outcome,
        reason=reason,
    )


def _count(delivery: Delivery, number: int, *, size: int) -> None:
    here = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WHOLE, taken=number)
    if not here.update(taken=number + 1, unpacked=F("unpacked") + size, touched_at=timezone.now()):
        raise Overtaken
