"""What people write in consent may name somebody: it is sealed when written and opened for the grant's page alone."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Callable, Mapping
from uuid import UUID

from consent.models import Capacity, ConsentDocument, Recipient, Signature, Suspension, Withdrawal
from ultrasound_portal.vault.errors import Destroyed, Missing, Tampered
from ultrasound_portal.vault.keyring import match_value
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal, seal_value
from ultrasound_portal.vault.unsealing import unseal, unseal_value

UNREADABLE = "Cannot be read any more"


def seal_text(text: str, *, clinic_id: UUID) -> tuple[UUID, bytes]:
    """Seal a name or a reason and return its object's key and the sealed bytes for the row that holds them."""
    row, blob = seal_value(text.encode(), kind=ObjectKind.DOCUMENT, clinic_id=clinic_id)
    return row.pk, blob


def name_match(name: str, record_id: UUID) -> str:
    """A keyed digest (hex) that binds a name to one record: it is no use for finding the same name in another."""
    return match_value(_plain(name), scope=f"signer:{record_id}")


def name_of(signature: Signature) -> str:
    """The name under a decision, or UNREADABLE where it was shredded or tampered with."""
    return _read(signature.name_object_id, signature.name_sealed)


def details_text(details: Mapping[str, str]) -> str:
    """What was written about a basis as one text, the same for the same details."""
    return json.dumps(dict(details), sort_keys=True, ensure_ascii=False)


def details_match(text: str, record_id: UUID) -> str:
    """A keyed digest (hex) that binds what was written about a basis to its record."""
    return match_value(text, scope=f"capacity:{record_id}")


def recipient_match(name: str, record_id: UUID) -> str:
    """A keyed digest (hex) that binds a recipient's name to its record."""
    return match_value(_plain(name), scope=f"recipient:{record_id}")


def details_of(capacity: Capacity) -> dict[str, str]:
    """What was written about a basis, by name; empty where nothing was, or where it cannot be read any more."""
    if capacity.details_object_id is None:
        return {}
    text = _read(capacity.details_object_id, capacity.details_sealed)
    return {} if text == UNREADABLE else json.loads(text)


def recipient_of(recipient: Recipient) -> str:
    """The name of who gets the pictures, or UNREADABLE as `name_of` says."""
    return _read(recipient.name_object_id, recipient.name_sealed)


def document_bytes(document: ConsentDocument) -> bytes:
    """The PDF of a copy; raises Tampered where it is not the one whose digest was kept."""
    found = unseal(document.object_id)
    if not hmac.compare_digest(hashlib.sha256(found).hexdigest(), document.sha256):
        raise Tampered("a copy is not the one that was kept")
    return found


def capacity_is_bound(capacity: Capacity) -> bool:
    """Whether what is sealed about the basis is what the evidence binds, as `is_bound` says it of a name."""
    if capacity.details_object_id is None:
        return capacity.details_match == ""
    return _binds(
        capacity.details_object_id,
        capacity.details_sealed,
        lambda text: details_match(text, capacity.record_id),
        capacity.details_match,
    )


def recipient_is_bound(recipient: Recipient) -> bool:
    """Whether the sealed name of the recipient is the one that the evidence binds."""
    return _binds(
        recipient.name_object_id,
        recipient.name_sealed,
        lambda text: recipient_match(text, recipient.record_id),
        recipient.name_match,
    )


def reason_of(withdrawal: Withdrawal | Suspension) -> str:
    """The reason somebody gave, empty where there is none, or UNREADABLE as `name_of` says."""
    if withdrawal.reason_object_id is None:
        return ""
    return _read(withdrawal.reason_object_id, withdrawal.reason_sealed)


def is_bound(signature: Signature) -> bool:
    """Whether the sealed name is the one that the evidence binds; a name shredded on purpose says nothing else."""
    return _binds(
        signature.name_object_id,
        signature.name_sealed,
        lambda name: name_match(name, signature.record_id),
        signature.name_match,
    )


def seal_drawing(strokes: bytes, *, clinic_id: UUID) -> tuple[UUID, str]:
    """Keep a drawn signature in the vault and return its object's key and its SHA-256 (hex)."""
    sealed = seal(strokes, kind=ObjectKind.DOCUMENT, clinic_id=clinic_id)
    return sealed.pk, sealed.sha256


def drawing_of(signature: Signature) -> bytes | None:
    """The strokes of a signature that was drawn; none where it was typed only, or cannot be read any more."""
    if signature.drawing_object_id is None:
        return None
    try:
        return unseal(signature.drawing_object_id)
    except (Missing, Destroyed, Tampered):
        return None


def drawing_is_bound(signature: Signature) -> bool:
    """Whether the drawing is the one that the evidence binds; one that was shredded on purpose says nothing else."""
    if signature.drawing_object_id is None:
        return signature.drawing_sha256 == ""
    try:
        found = unseal(signature.drawing_object_id)
    except Destroyed:
        return True
    except (Missing, Tampered):
        return False
    return hmac.compare_digest(hashlib.sha256(found).hexdigest(), signature.drawing_sha256)


def _binds(object_id: UUID, blob: bytes | memoryview, match: Callable[[str], str], bound: str) -> bool:
    try:
        text = _open(object_id, blob)
    except Destroyed:
        return True
    except (Missing, Tampered):
        return False
    return hmac.compare_digest(match(text), bound)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def _read(object_id: UUID, blob: bytes | memoryview) -> str:
    try:
        return _open(object_id, blob)
    except (Missing, Destroyed, Tampered):
        return UNREADABLE


def _open(object_id: UUID, blob: bytes | memoryview) -> str:
    return unseal_value(object_id, blob).decode()
