"""The one judge of whether a picture may be seen: deny unless a signed yes covers these very bytes now."""

import datetime
import hmac
import uuid
from dataclasses import dataclass

from django.db import connection
from django.db.transaction import TransactionManagementError

from consent.models import Grant, NeededSignature, Signature
from consent.states import GateReason, GrantState, SignerRole

__all__ = ["Decision", "GateReason", "decide"]

CLOSED = {
    GrantState.PENDING: GateReason.PENDING,
    GrantState.SUSPENDED: GateReason.SUSPENDED,
    GrantState.REFUSED: GateReason.REFUSED,
    GrantState.WITHDRAWN: GateReason.WITHDRAWN,
    GrantState.EXPIRED: GateReason.EXPIRED,
    GrantState.SUPERSEDED: GateReason.SUPERSEDED,
    GrantState.IN_ERROR: GateReason.IN_ERROR,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer; `permit` is true only with the reason PERMITTED."""

    permit: bool
    reason: GateReason


def decide(
    *,
    grant_id: uuid.UUID,
    purpose_code: str,
    artefact_id: uuid.UUID,
    sha256: str,
    at: datetime.datetime,
) -> Decision:
    """Judge one picture (`artefact_id`, `sha256` in hex) for one purpose under one grant at one moment.

    The grant stays locked until the caller's transaction ends: a withdrawal that commits first is seen here,
    and one that comes later waits until the key of the bytes has been read (OWASP ASVS 15.4.2). Raises
    TransactionManagementError outside a transaction, where the answer would be stale at once.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("The consent gate must be asked inside a transaction.")
    _lock(grant_id)
    grant = Grant.objects.filter(pk=grant_id).first()
    reason = (
        GateReason.NO_GRANT
        if grant is None
        else _of_the_grant(grant, purpose_code, at) or _of_the_picture(grant, artefact_id, sha256)
    )
    return Decision(permit=reason is GateReason.PERMITTED, reason=reason)


def _lock(grant_id: uuid.UUID) -> None:
    """Share the row until the transaction ends; SQLite runs one transaction at a time and needs no lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM consent_grant WHERE id = %s FOR SHARE", [str(grant_id)])


def _of_the_grant(grant: Grant, purpose_code: str, at: datetime.datetime) -> GateReason | None:
    if grant.purpose_id != purpose_code:
        return GateReason.WRONG_PURPOSE
    if grant.state != GrantState.ACTIVE:
        return CLOSED[GrantState(grant.state)]
    if at < grant.valid_from:
        return GateReason.NOT_YET
    if grant.valid_until is None or at >= grant.valid_until:
        return GateReason.EXPIRED
    if not _is_signed(grant.record_id):
        return GateReason.NOT_SIGNED
    return None


def _is_signed(record_id: uuid.UUID) -> bool:
    """Whether every name is there that the right behind the yes needs; the patient's own where none is listed."""
    needed = set(NeededSignature.objects.filter(record_id=record_id).values_list("role", flat=True))
    there = set(Signature.objects.filter(record_id=record_id).values_list("role", flat=True))
    return (needed or {SignerRole.PATIENT.value}) <= there


def _of_the_picture(grant: Grant, artefact_id: uuid.UUID, sha256: str) -> GateReason:
    shown = grant.images.filter(artefact_id=artefact_id).first()
    if shown is None:
        return GateReason.NOT_SHOWN
    if not hmac.compare_digest(shown.sha256.encode(), sha256.encode()):
        return GateReason.ALTERED
    return GateReason.PERMITTED
