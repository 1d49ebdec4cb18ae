"""The bytes of an entry that are hashed: RFC 8785 canonical JSON, and the leaf hash of RFC 6962."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime

import rfc8785

from ultrasound_portal.audit.models import Entry

LEAF_PREFIX = b"\x00"
GENESIS = hashlib.sha256(b"").hexdigest()
"""What stands as `prev_hash` in the first entry: the root of an empty tree (RFC 6962, section 2.1)."""

Detail = Mapping[str, str | int | bool]


def canonical_bytes(entry: Entry) -> bytes:
    """Return the canonical bytes of an entry, `prev_hash` included and `leaf_hash` not."""
    return rfc8785.dumps(
        {
            "seq": entry.seq,
            "at": _moment(entry.at),
            "event": entry.event,
            "actor": entry.actor,
            "clinic_id": _text(entry.clinic_id),
            "object_kind": entry.object_kind,
            "object_id": _text(entry.object_id),
            "patient_id": _text(entry.patient_id),
            "purpose": entry.purpose,
            "grant_id": _text(entry.grant_id),
            "outcome": entry.outcome,
            "detail": dict(entry.detail),
            "prev_hash": entry.prev_hash,
        }
    )


def leaf_hash(entry: Entry) -> str:
    """Return the hex SHA-256 of 0x00 and the canonical bytes (RFC 6962, section 2.1)."""
    return hashlib.sha256(LEAF_PREFIX + canonical_bytes(entry)).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _text(value: object) -> str:
    return "" if value is None else str(value)
