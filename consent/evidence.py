"""Everything that was signed, as canonical JSON (RFC 8785) and its SHA-256."""

import datetime
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import rfc8785

from consent.models import LATER_PARTS, PARTS, Capacity, Grant, GrantImage, Recipient, Signature, Wording
from consent.sealed import capacity_is_bound, drawing_is_bound, is_bound, recipient_is_bound

FORMAT = 3
"""The format in which evidence is written; what was signed in an earlier one is still read as such."""

Plain: TypeAlias = str | int | bool | list[dict[str, str]] | list[str] | None


def digest(statement: Mapping[str, Plain]) -> str:
    """The SHA-256 (hex) of the canonical form of `statement`."""
    return hashlib.sha256(rfc8785.dumps(dict(statement))).hexdigest()


def wording_digest(parts: Mapping[str, str | int]) -> str:
    """The SHA-256 of a wording, over its purpose, language, version and every part of its text; LATER_PARTS where it
    has them.

    Raises KeyError where one of them is missing.
    """
    names = ("purpose", "language", "version", *PARTS, "permanence")
    later = (name for name in LATER_PARTS if parts.get(name))
    return digest({name: parts[name] for name in (*names, *later)})


def wording_text(wording: Wording) -> dict[str, str | int]:
    """What `wording_digest` covers, read from a wording."""
    texts = {part: str(getattr(wording, part)) for part in (*PARTS, *LATER_PARTS, "permanence")}
    return {
        "purpose": wording.purpose_id,
        "language": wording.language,
        "version": wording.version,
        **texts,
    }


def statement(grant: Grant, images: Iterable[GrantImage], signature: Signature) -> dict[str, Plain]:
    """What stands above the signature: answer, scope, wording, pictures by hash, times, and the signer by a digest.

    Since format 2 also by what right it was given, whose names it needs, and to whom by name the pictures go; since
    format 3 behind which second secret, and what was drawn.
    """
    told = _statement(grant, images, signature)
    if signature.evidence_format == 1:
        return told
    record = grant.record
    told = (
        told
        | _right(getattr(record, "capacity", None))
        | _recipient(getattr(record, "recipient", None))
        | {
            "needs": sorted(needed.role for needed in record.needed.all()),
        }
    )
    if signature.evidence_format == 2:
        return told
    return told | {"second_secret": str(record.second_secret), "drawing_sha256": signature.drawing_sha256}


def _statement(grant: Grant, images: Iterable[GrantImage], signature: Signature) -> dict[str, Plain]:
    return {
        "format": f"consent-evidence/{signature.evidence_format}",
        "record": str(grant.record_id),
        "grant": str(grant.pk),
        "clinic": str(grant.clinic_id),
        "patient": str(grant.patient_id),
        "opened_by": str(grant.record.opened_by_id),
        "place": str(grant.record.place),
        "purpose": grant.purpose_id,
        "scope": str(grant.scope_id),
        "decision": str(grant.decision),
        "valid_from": _moment(grant.valid_from),
        "valid_until": _moment(grant.valid_until) if grant.valid_until else None,
        "language": grant.wording.language,
        "wording_version": grant.wording.version,
        "wording_sha256": grant.wording.sha256,
        "images": [
            {
                "picture": str(image.picture_id),
                "artefact": str(image.artefact_id),
                "kind": image.kind,
                "sha256": image.sha256,
                "shown_at": _moment(image.shown_at),
            }
            for image in sorted(images, key=lambda image: str(image.artefact_id))
        ],
        "signer_match": signature.name_match,
        "role": str(signature.role),
        "method": str(signature.method),
        "permanence_acknowledged": signature.permanence_acknowledged,
        "signed_at": _moment(signature.signed_at),
    }


def _right(capacity: Capacity | None) -> dict[str, Plain]:
    if capacity is None:
        return {"basis": None}
    return {
        "basis": str(capacity.basis),
        "profile": capacity.profile_id,
        "assessor": str(capacity.assessor_id) if capacity.assessor_id else None,
        "necessary": capacity.necessary,
        "assent": str(capacity.assent),
        "right_ends_at": _moment(capacity.ends_at) if capacity.ends_at else None,
        "of_age": capacity.of_age,
        "details_match": capacity.details_match,
    }


def _recipient(recipient: Recipient | None) -> dict[str, Plain]:
    if recipient is None:
        return {"recipient_match": None}
    return {
        "recipient_match": recipient.name_match,
        "recipient_verified_by": str(recipient.verified_by_id),
        "recipient_verified_how": recipient.verified_how,
    }


def is_whole(grant: Grant) -> bool:
    """Whether what is stored of `grant` still gives the hash that was signed; false without a signature."""
    signatures = list(grant.record.signatures.all())
    if not signatures:
        return False
    images = list(grant.images.all())
    wording_whole = hmac.compare_digest(wording_digest(wording_text(grant.wording)), grant.wording.sha256)
    record = grant.record
    capacity, recipient = getattr(record, "capacity", None), getattr(record, "recipient", None)
    bound = (capacity is None or capacity_is_bound(capacity)) and (recipient is None or recipient_is_bound(recipient))
    return (
        wording_whole
        and bound
        and all(
            hmac.compare_digest(digest(statement(grant, images, signature)), signature.evidence_sha256)
            and is_bound(signature)
            and drawing_is_bound(signature)
            for signature in signatures
        )
    )


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
