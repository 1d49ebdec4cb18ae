"""The store that is a bucket of an S3-compatible service; an object appears there whole or not at all."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from django.core.exceptions import ImproperlyConfigured

from ultrasound_portal import env
from ultrasound_portal.vault.errors import Missing, StoreUnavailable
from ultrasound_portal.vault.store import STORE_KEY, ReadAt

PART = 8 * 1024 * 1024
"""Bytes of one part of a large object; a service takes 5 MiB to 5 GiB, and 10,000 parts."""
BLOCK = 512 * 1024
BLOCKS_KEPT = 4
_GONE = frozenset({"404", "NoSuchKey", "NoSuchUpload", "NotFound"})


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where objects lie and with which key they are reached; objects are named `prefix` and store key."""

    endpoint: str
    name: str
    prefix: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)


class S3Store:
    """Objects of one bucket; see `ultrasound_portal.vault.store.Store`. Faults of the service are StoreUnavailable."""

    def __init__(self, bucket: Bucket) -> None:
        parts = urlsplit(bucket.endpoint)
        if parts.scheme != "https" and not env.is_loopback(parts.hostname or ""):
            raise ImproperlyConfigured("PORTAL_S3_ENDPOINT must be https but for a service on this machine.")
        self._bucket = bucket
        self._client: BaseClient = Session().create_client(
            "s3",
            endpoint_url=bucket.endpoint,
            region_name=bucket.region,
            aws_access_key_id=bucket.access_key,
            aws_secret_access_key=bucket.secret_key,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 3},
                s3={"addressing_style": "path"},
            ),
        )

    def write(self, store_key: str, sealed: Iterable[bytes]) -> None:
        """Write a new object in one request where it is small, in parts that are put together at the end where not."""
        parts = _parts(sealed)
        first = next(parts, b"")
        second = next(parts, None)
        if second is None:
            self._ask("put_object", store_key, Body=first)
            return
        upload = self._ask("create_multipart_upload", store_key)["UploadId"]
        try:
            made = [
                {
                    "PartNumber": number,
                    "ETag": self._ask("upload_part", store_key, UploadId=upload, PartNumber=number, Body=part)["ETag"],
                }
                for number, part in enumerate(_chained(first, second, parts), start=1)
            ]
            self._ask("complete_multipart_upload", store_key, UploadId=upload, MultipartUpload={"Parts": made})
        except BaseException:
            self._ask("abort_multipart_upload", store_key, UploadId=upload)
            raise

    def has_room(self) -> bool:
        """Say whether the bucket can be reached: it has no limit that a client could ask for."""
        try:
            self._call("head_bucket")
        except OSError:
            return False
        return True

    def size(self, store_key: str) -> int:
        """Return an object's size in bytes; raises Missing."""
        return int(self._ask("head_object", store_key)["ContentLength"])

    def reader(self, store_key: str) -> ReadAt:
        """Return a reader that fetches blocks of 512 KiB and keeps the last few, since chunks are far smaller."""
        self._name(store_key)
        kept: OrderedDict[int, bytes] = OrderedDict()

        def block(number: int) -> bytes:
            if number not in kept:
                kept[number] = self._range(store_key, number * BLOCK, BLOCK)
                if len(kept) > BLOCKS_KEPT:
                    kept.popitem(last=False)
            kept.move_to_end(number)
            return kept[number]

        def read_at(offset: int, length: int) -> bytes:
            first, last = offset // BLOCK, (offset + max(length, 1) - 1) // BLOCK
            whole = b"".join(block(number) for number in range(first, last + 1))
            return whole[offset - first * BLOCK :][:length]

        return read_at

    def delete(self, store_key: str) -> None:
        """Remove an object; it may be gone already."""
        self._ask("delete_object", store_key)

    def stored_before(self, moment: float) -> Iterator[str]:
        """Yield the keys of objects last written before a moment (Unix time)."""
        for page in self._pages("list_objects_v2"):
            yield from self._keys(page.get("Contents", ()), "LastModified", moment)

    def drafts_before(self, moment: float) -> Iterator[str]:
        """Yield the keys of uploads in parts begun before a moment (Unix time) and not finished."""
        for page in self._pages("list_multipart_uploads"):
            yield from self._keys(page.get("Uploads", ()), "Initiated", moment)

    def discard_draft(self, store_key: str) -> None:
        """Give up the unfinished uploads of an object."""
        name = self._name(store_key)
        for page in self._pages("list_multipart_uploads"):
            for upload in page.get("Uploads", ()):
                if upload["Key"] == name:
                    self._ask("abort_multipart_upload", store_key, UploadId=upload["UploadId"])

    def _range(self, store_key: str, offset: int, length: int) -> bytes:
        try:
            answer = self._ask("get_object", store_key, Range=f"bytes={offset}-{offset + length - 1}")
            body: bytes = answer["Body"].read()
        except _OutOfRange:
            return b""
        except BotoCoreError:
            raise StoreUnavailable("the object store broke off") from None
        return body

    def _keys(self, entries: Iterable[Any], when: str, moment: float) -> Iterator[str]:
        for entry in entries:
            store_key = entry["Key"].removeprefix(self._bucket.prefix)
            if STORE_KEY.match(store_key) and entry[when].timestamp() < moment:
                yield store_key

    def _pages(self, operation: str) -> Iterator[Any]:
        pages = self._client.get_paginator(operation).paginate(Bucket=self._bucket.name, Prefix=self._bucket.prefix)
        try:
            yield from pages
        except (BotoCoreError, ClientError):
            raise StoreUnavailable("the object store could not list its objects") from None

    def _ask(self, operation: str, store_key: str, **arguments: Any) -> Any:  # Any: botocore has no types
        return self._call(operation, Key=self._name(store_key), **arguments)

    def _call(self, operation: str, **arguments: Any) -> Any:
        """Make one request; raises Missing, or StoreUnavailable with the kind of fault and nothing of the request."""
        try:
            return getattr(self._client, operation)(Bucket=self._bucket.name, **arguments)
        except ClientError as fault:
            code = str(fault.response.get("Error", {}).get("Code", ""))
            if code in _GONE and operation != "head_bucket":
                raise Missing("a sealed object is gone") from None
            if code in {"416", "InvalidRange"}:
                raise _OutOfRange from None
            raise StoreUnavailable(f"the object store refused ({code})") from None
        except BotoCoreError as fault:
            raise StoreUnavailable(f"the object store could not be reached ({type(fault).__name__})") from None

    def _name(self, store_key: str) -> str:
        if not STORE_KEY.match(store_key):
            raise Missing("not the name of a sealed object")
        return f"{self._bucket.prefix}{store_key}"


class _OutOfRange(Exception):
    """The object ends before what was asked for."""


def _parts(sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what comes as parts of equal size, the last one shorter."""
    held = bytearray()
    for piece in sealed:
        held += piece
        while len(held) >= PART:
            yield bytes(held[:PART])
            del held[:PART]
    if held:
        yield bytes(held)


def _chained(first: bytes, second: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest
