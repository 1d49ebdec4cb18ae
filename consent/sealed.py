"""What people write in consent may name somebody: it is sealed when written and opened for the grant's page alone."""

import hmac
import unicodedata
from uuid import UUID

from consent.models import Signature, Withdrawal
from ultrasound_portal.vault.errors import Destroyed, Missing, Tampered
from ultrasound_portal.vault.keyring import match_value
from ultrasound_portal.vault.kinds import ObjectKind
from ultrasound_portal.vault.sealing import seal_value
from ultrasound_portal.vault.unsealing import unseal_value

UNREADABLE = "Cannot be read any more"


def seal_text(text: str, *, clinic_id: UUID) -> tuple[UUID, bytes]:
    """Seal a name or a reason and return its object's key and the sealed bytes for the row that holds them."""
    row, blob = seal_value(text.encode(), kind=ObjectKind.DOCUMENT, clinic_id=clinic_id)
    return row.pk, blob


def name_match(name: str, record_id: UUID) -> str:
    """A keyed digest (hex) that binds a name to one record: it is no use for finding the same name in another."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return match_value(plain, scope=f"signer:{record_id}")


def name_of(signature: Signature) -> str:
    """The name under a decision, or UNREADABLE where it was shredded or tampered with."""
    return _read(signature.name_object_id, signature.name_sealed)


def reason_of(withdrawal: Withdrawal) -> str:
    """The reason a patient gave, empty where there is none, or UNREADABLE as `name_of` says."""
    if withdrawal.reason_object_id is None:
        return ""
    return _read(withdrawal.reason_object_id, withdrawal.reason_sealed)


def is_bound(signature: Signature) -> bool:
    """Whether the sealed name is the one that the evidence binds; a name shredded on purpose says nothing else."""
    try:
        name = _open(signature.name_object_id, signature.name_sealed)
    except Destroyed:
        return True
    except (Missing, Tampered):
        return False
    return hmac.compare_digest(name_match(name, signature.record_id), signature.name_match)


def _read(object_id: UUID, blob: bytes | memoryview) -> str:
    try:
        return _open(object_id, blob)
    except (Missing, Destroyed, Tampered):
        return UNREADABLE


def _open(object_id: UUID, blob: bytes | memoryview) -> str:
    return unseal_value(object_id, blob).decode()
