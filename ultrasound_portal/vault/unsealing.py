"""Opens sealed objects; the contract `unsealing-door` in pyproject.toml names the few modules that may import this."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from ultrasound_portal.vault import keyring, stores
from ultrasound_portal.vault.binding import context_of
from ultrasound_portal.vault.chunks import CHUNK, ChunkOpener
from ultrasound_portal.vault.errors import Destroyed, Missing, Tampered
from ultrasound_portal.vault.models import SealedObject
from ultrasound_portal.vault.store import ReadAt
from ultrasound_portal.vault.wrapping import Wrapped


class SealedReader:
    """Random access to one sealed object; `size` is the plaintext's size in bytes."""

    def __init__(self, opener: ChunkOpener) -> None:
        self._opener = opener
        self.size = opener.size

    def read_range(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from start up to stop; raises ValueError outside 0 <= start <= stop <= size.

        Every piece is authenticated before it is yielded; a changed object raises Tampered.
        """
        if not 0 <= start <= stop <= self.size:
            raise ValueError("the range does not lie within the object")
        return self._pieces(start, stop)

    def _pieces(self, start: int, stop: int) -> Iterator[bytes]:
        if start == stop:
            return
        first, last = start // CHUNK, (stop - 1) // CHUNK
        for number, piece in enumerate(self._opener.open_run(first, last), start=first):
            at = number * CHUNK
            yield piece[max(0, start - at) : stop - at]


def unseal(object_id: UUID) -> bytes:
    """Return the whole plaintext; raises Missing, Destroyed, Tampered or KeyUnavailable."""
    reader = open_sealed(object_id)
    return b"".join(reader.read_range(0, reader.size))


def open_sealed(object_id: UUID) -> SealedReader:
    """Return a reader; wrong keys, swapped files and cut files are refused here, before a byte is read."""
    row = _row(object_id)
    opener = _opener(row, _key(row), stores.size(row.store_key), stores.reader(row.store_key))
    return SealedReader(opener)


def unseal_value(object_id: UUID, blob: bytes | memoryview) -> bytes:
    """Return the plaintext of a small value whose sealed bytes its caller keeps."""
    row = _row(object_id)
    return _whole(row, _key(row), bytes(blob))


def unseal_values(blobs: Mapping[UUID, bytes | memoryview]) -> dict[UUID, bytes]:
    """Return the plaintexts of small values with one query; missing and destroyed ones are left out."""
    rows = list(SealedObject.objects.filter(destroyed_at__isnull=True, pk__in=list(blobs)))
    keys = keyring.unwrap_all([_wrapped(row) for row in rows])
    return {row.id: _whole(row, key, bytes(blobs[row.id])) for row, key in zip(rows, keys, strict=True)}


def _whole(row: SealedObject, key: bytes, sealed: bytes) -> bytes:
    reader = SealedReader(_opener(row, key, len(sealed), lambda at, length: sealed[at : at + length]))
    return b"".join(reader.read_range(0, reader.size))


def _key(row: SealedObject) -> bytes:
    return keyring.unwrap_all([_wrapped(row)])[0]


def _wrapped(row: SealedObject) -> Wrapped:
    context = context_of(row.id, row.kind, row.clinic_id)
    return Wrapped(kek_id=row.kek_id, wrapped=bytes(row.wrapped_key), context=context)


def _row(object_id: UUID) -> SealedObject:
    try:
        row = SealedObject.objects.get(pk=object_id)
    except SealedObject.DoesNotExist:
        raise Missing("no such sealed object") from None
    if row.destroyed_at is not None:
        raise Destroyed("the object's key was destroyed")
    return row


def _opener(row: SealedObject, key: bytes, sealed_size: int, read_at: ReadAt) -> ChunkOpener:
    context = context_of(row.id, row.kind, row.clinic_id)
    opener = ChunkOpener(key=key, context=context, sealed_size=sealed_size, read_at=read_at)
    if opener.size != row.size:
        raise Tampered("a sealed object is not as long as its row says")
    return opener
