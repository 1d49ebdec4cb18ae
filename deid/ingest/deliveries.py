"""Files that come in pieces: each piece is sealed as it arrives, so a broken connection costs one piece at most."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from deid.engine.archives import DICOM_AT, is_zip
from deid.engine.errors import Rejected, RejectReason
from deid.models import Delivery, Piece, Upload
from deid.states import DeliveryState
from ultrasound_portal.vault import stores
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_file
from ultrasound_portal.vault.shredding import shred

PIECE_BYTES = 8 * 1024 * 1024
LIFE = timedelta(hours=24)
"""How long a delivery waits for its next piece."""
CHECKSUMS = ("sha1", "sha256")
"""What a sender may check its pieces with; the tus protocol asks for SHA-1 at least."""


class Source(Protocol):
    """A request's body, or an open file."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


class Displaced(Exception):
    """The piece does not begin where the delivery ends, or the delivery takes no more."""


class Damaged(Exception):
    """The piece is not what its checksum says; nothing of it was kept."""


def begin(upload: Upload, size: int) -> Delivery:
    """Open a delivery of `size` bytes; raises Rejected(TOO_LARGE) for more than the portal takes."""
    if not 0 <= size <= settings.DELIVERY_LIMIT:
        raise Rejected(RejectReason.TOO_LARGE)
    state = DeliveryState.OPEN if size else DeliveryState.WHOLE
    return Delivery.objects.create(clinic=upload.clinic, upload=upload, size=size, state=state)


def append(delivery: Delivery, offset: int, stream: Source, *, length: int) -> Delivery:
    """Keep `length` bytes of `stream` from `offset` on, piece by piece, and return the delivery as it stands then.

    What arrived before the connection broke is kept. Raises Displaced, OSError where the disk is full or the sender
    is gone, and Rejected(TOO_LARGE), which ends the delivery, for a single file over the limit.
    """
    _check_place(delivery, offset, length)
    for data in _cut(stream, length):
        delivery = _keep(delivery, offset, data)
        offset += len(data)
    return delivery


def append_checked(delivery: Delivery, offset: int, data: bytes, *, algorithm: str, digest: bytes) -> Delivery:
    """Keep one piece of at most PIECE_BYTES whose digest is known; raises Damaged, and what `append` raises.

    `algorithm` is one of CHECKSUMS; it finds faults of the line, it protects from nobody.
    """
    _check_place(delivery, offset, len(data))
    if not hmac.compare_digest(hashlib.new(algorithm, data, usedforsecurity=False).digest(), digest):
        raise Damaged
    return _keep(delivery, offset, data) if data else delivery


def drop(delivery: Delivery) -> None:
    """End a delivery that is not whole and destroy its pieces; what was taken of it stays."""
    with transaction.atomic():
        locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
        if locked.state == DeliveryState.TAKEN:
            return
        locked.state = DeliveryState.DROPPED
        locked.save(update_fields=["state"])
        destroy_pieces(locked)


def destroy_pieces(delivery: Delivery) -> None:
    """Shred every piece in the caller's transaction."""
    for piece in delivery.pieces.all():
        piece.delete()
        shred(piece.sealed_id)


def drop_forgotten() -> int:
    """End the deliveries whose next piece did not come for a day; return how many."""
    waiting = Delivery.objects.filter(state=DeliveryState.OPEN, touched_at__lt=timezone.now() - LIFE)
    forgotten = list(waiting)
    for delivery in forgotten:
        drop(delivery)
    return len(forgotten)


def _check_place(delivery: Delivery, offset: int, length: int) -> None:
    if delivery.state != DeliveryState.OPEN or offset != delivery.received or offset + length > delivery.size:
        raise Displaced


def _cut(stream: Source, length: int) -> Iterator[bytes]:
    while length > 0 and (data := stream.read(min(PIECE_BYTES, length))):
        length -= len(data)
        yield data


def _keep(delivery: Delivery, offset: int, data: bytes) -> Delivery:
    if offset == 0 and delivery.size > settings.UPLOAD_LIMIT and not is_zip(data[: DICOM_AT + 4]):
        drop(delivery)
        raise Rejected(RejectReason.TOO_LARGE)
    sealed = seal_file(data, kind=ObjectKind.PIECE, clinic_id=delivery.clinic_id)
    try:
        with transaction.atomic():
            locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
            _check_place(locked, offset, len(data))
            sealed.save(force_insert=True)
            Piece.objects.create(delivery=locked, start=offset, size=len(data), sealed_id=sealed.id)
            locked.received = offset + len(data)
            locked.touched_at = timezone.now()
            if locked.received == locked.size:
                locked.state = DeliveryState.WHOLE
            locked.save()
    except BaseException:
        stores.delete(sealed.store_key)
        raise
    return locked
